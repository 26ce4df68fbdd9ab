"""The rows of invented dossiers as COPY reads them (dòng dữ liệu mẫu): each as the acts at the desk would write it."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from app.exporters.papers import TEMPLATE_VERSION
from app.services import evaluation as evaluations
from app.services.dossier import frozen, money_state
from app.services.office import UnitOnDay
from app.services.party import APPLICANT, REPRESENTATIVE, Applicant, of_organisation, snapshot
from app.services.sample_desks import Clerk, Desk
from app.services.sample_facts import text_for
from app.services.sample_patterns import Path, Pattern, inside, outcome_of, papers_of
from app.storage.audit import FIRST, Note, chained_hash
from app.storage.bulk import NULL, cell, or_null
from app.storage.folding import folded
from app.storage.search import lines_of
from forms.searched import SearchedField
from rules.evaluation.outcome import ENGINE
from rules.lifecycle import FIRST_STATE, DeliveryState, Outcome, State, SyncState

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "dossier": (
        "id", "uuid", "code", "intake_key", "procedure_id", "form_version_id", "rules_version_id", "receiving_unit_id",
        "competent_unit_id", "holding_unit_id", "holder_id", "state", "money_state", "delivery_state", "sync_state",
        "outcome", "filing_channel", "return_channel", "typed_by", "applicant_name", "folded", "facts_revision",
        "frozen", "statutory_due", "committed_due", "appointment_due", "accepted_at", "decided_at", "returned_at",
        "lock_version",
    ),
    "dossier_facts": ("dossier_id", "revision", "facts", "author_id", "reason", "event_at"),
    "dossier_paper": (
        "dossier_id", "code", "revision", "label", "required", "originals", "copies", "received", "detail",
    ),
    "clock_event": ("dossier_id", "kind", "at", "basis"),
    "evaluation": (
        "id", "uuid", "dossier_id", "sequence", "version_id", "facts_revision", "on", "at", "registers", "outcome",
        "outcome_sha256", "engine", "reason",
    ),
    "charge_line": (
        "dossier_id", "evaluation_id", "line", "kind", "label", "amount", "currency", "set_by", "collected",
        "refundable",
    ),
    "dossier_party": ("dossier_id", "party_id", "role", "snapshot"),
    "issued_paper": ("uuid", "dossier_id", "kind", "template_version", "data", "issued_by", "issued_at"),
    "dossier_event": (
        "dossier_id", "sequence", "act", "from_state", "to_state", "actor_id", "for_unit_id", "assignment_id",
        "detail", "event_at",
    ),
    "dossier_field": (
        "dossier_id", "unit_id", "procedure_id", "field", "row", "text_folded", "text_exact", "number", "day",
    ),
    "dossier_result": ("uuid", "dossier_id", "outcome", "result_code", "summary", "recorded_by"),
    "audit_entry": (
        "object_kind", "object_id", "sequence", "act", "actor_id", "actor_name", "for_unit_id", "assignment_id",
        "purpose", "detail", "event_at", "previous_hash", "hash",
    ),
}  # fmt: skip
"""The columns that are loaded, table by table in the order in which rows refer to each other."""

RECEIVED = "Tiếp nhận hồ sơ"
BASIS = "khoản 3 Điều 17 Nghị định 118/2025/NĐ-CP"


@dataclass(frozen=True, slots=True)
class Who:
    """An applicant with the ids of their party and of the party of who acts for them (None for a person)."""

    applicant: Applicant
    party_id: int
    representative_id: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What is decided of one dossier before its rows are written."""

    pattern: Pattern
    path: Path
    desk: Desk
    who: Who
    receiver: Clerk
    processor: Clerk
    dossier_id: int
    evaluation_id: int
    code: str
    intake_key: UUID


@dataclass(slots=True)
class Rows:
    """The lines of a batch, table by table; `registers` is the JSON of the hashes that every evaluation read.

    `searched` says by which answers the dossiers of each procedure are found.
    """

    registers: str
    searched: Mapping[int, tuple[SearchedField, ...]]
    chance: Random
    lines: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    _tails: dict[int, tuple[list[bytes], list[bytes]]] = field(
        default_factory=dict[int, tuple[list[bytes], list[bytes]]]
    )
    _frozen: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])

    def add(self, told: Told) -> None:
        """Write every row of one dossier."""
        public_id = self._uuid()
        state = _state(told.path)
        self._dossier(told, public_id, state)
        values = self._values(told)
        self._content(told, values)
        self._search_lines(told, values)
        self._parties(told)
        self._history(told, public_id)

    def _put(self, table: str, *cells: object) -> None:
        self.lines[table].append(("\t".join(map(str, cells)) + "\n").encode())

    def _uuid(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    def _dossier(self, told: Told, public_id: str, state: State) -> None:
        pattern, path, unit = told.pattern, told.path, told.desk.unit
        promised, name = pattern.promised, told.who.applicant.full_name
        acts = sum(at is not None for at in (path.taken_over_at, path.decided_at, path.returned_at))
        version = pattern.version
        delivery = _DELIVERY.get(state, DeliveryState.NOT_READY)
        self._put(
            "dossier", told.dossier_id, public_id, told.code, told.intake_key, version.procedure_id, version.id,
            version.id, unit.id, unit.id, unit.id,
            told.processor.user_id if state is State.IN_PROGRESS else NULL,
            state, money_state(pattern.evaluation), delivery, SyncState.LOCAL,
            path.outcome if path.decided_at else NULL, pattern.channel, pattern.return_channel, "officer",
            name, folded(f"{told.code} {name}"), 1,
            self._counted_by(pattern, unit),
            or_null(promised.statutory), or_null(promised.committed), or_null(promised.appointment), pattern.at,
            or_null(path.decided_at), or_null(path.returned_at), acts + 1,
        )  # fmt: skip

    def _counted_by(self, pattern: Pattern, unit: UnitOnDay) -> str:
        known = id(pattern), unit.id
        if known not in self._frozen:
            told = frozen(unit, pattern.procedure, pattern.version, pattern.promised)
            self._frozen[known] = cell(_json(told))
        return self._frozen[known]

    def _of_pattern(self, pattern: Pattern) -> tuple[list[bytes], list[bytes]]:
        """Return the ends of the lines of papers and of money, which all dossiers of a pattern share."""
        if id(pattern) not in self._tails:
            self._tails[id(pattern)] = list(_paper_tails(pattern)), list(_charge_tails(pattern))
        return self._tails[id(pattern)]

    def _content(self, told: Told, values: Mapping[bytes, bytes]) -> None:
        """Write what was computed and handed in: answers, papers, the evaluation with its money, the receipt."""
        pattern, dossier_id = told.pattern, told.dossier_id
        at, head = pattern.at.isoformat(), f"{dossier_id}\t".encode()
        self.lines["dossier_facts"].append(
            head + b"1\t" + _sent(pattern.facts.fill(values))
            + f"\t{told.receiver.user_id}\t{RECEIVED}\t{at}\n".encode()
        )  # fmt: skip
        papers, charges = self._of_pattern(pattern)
        self.lines["dossier_paper"] += [head + tail for tail in papers]
        self.lines["clock_event"].append(head + f"accepted\t{at}\t{BASIS}\n".encode())
        digest, outcome = outcome_of(pattern, values)
        before = (
            f"{told.evaluation_id}\t{self._uuid()}\t{dossier_id}\t1\t{pattern.version.id}\t1\t{pattern.at.date()}\t{at}"
            f"\t{self.registers}\t"
        )  # fmt: skip
        after = f'\t{digest}\t{{"meaning": "{ENGINE}"}}\t{RECEIVED}\n'
        self.lines["evaluation"].append(before.encode() + _sent(outcome) + after.encode())
        money = f"{dossier_id}\t{told.evaluation_id}\t".encode()
        self.lines["charge_line"] += [money + tail for tail in charges]
        paper = f"{self._uuid()}\t{dossier_id}\treceipt\t{TEMPLATE_VERSION}\t".encode()
        issued = f"\t{told.receiver.user_id}\t{at}\n".encode()
        self.lines["issued_paper"].append(paper + _sent(pattern.receipt.fill(values)) + issued)

    def _search_lines(self, told: Told, values: Mapping[bytes, bytes]) -> None:
        """Write the lines by which the dossier is found, from the very answers that were written down."""
        pattern = told.pattern
        fields = self.searched[pattern.version.procedure_id]
        own = {each.id: values[each.id.encode()].decode() for each in pattern.open_fields}
        facts = {**pattern.typed, **own, "receiving_unit": told.desk.unit.code}
        for line in lines_of(fields, facts, code=told.code, applicant=told.who.applicant.full_name):
            self._put(
                "dossier_field", told.dossier_id, told.desk.unit.id, pattern.version.procedure_id, line.field, line.row,
                or_null(line.text_folded), or_null(line.text_exact), or_null(line.number), or_null(line.day),
            )  # fmt: skip

    def _values(self, told: Told) -> dict[bytes, bytes]:
        """Return what stands in place of the marks of a pattern."""
        desk, applicant = told.desk, told.who.applicant
        acting = applicant.representative
        said = {
            "unit": desk.unit.code, "unit_name": desk.unit.name, "desk_name": desk.unit.desk_name,
            "parent": desk.parent, "place": desk.place, "code": told.code, "officer": told.receiver.full_name,
            "full_name": applicant.full_name, "phone": applicant.phone, "address": applicant.address,
            "identifier_end": applicant.identifier[-3:], "identifier": applicant.identifier,
            "acting": acting.full_name if acting else "",
        }  # fmt: skip
        said |= {each.id: text_for(each, self.chance.getrandbits(64)) for each in told.pattern.open_fields}
        return {name.encode(): inside(text) for name, text in said.items()}

    def _parties(self, told: Told) -> None:
        applicant, person = told.who.applicant, told.who.applicant.represented_by
        written = snapshot(applicant, of_organisation(applicant))
        self._put("dossier_party", told.dossier_id, told.who.party_id, APPLICANT, cell(_json(written)))
        if person is not None and applicant.representative is not None:
            written = snapshot(person, {"position": applicant.representative.position})
            self._put(
                "dossier_party", told.dossier_id, told.who.representative_id, REPRESENTATIVE, cell(_json(written))
            )  # fmt: skip

    def _history(self, told: Told, public_id: str) -> None:
        """Write the acts: an event for each move, the result, and the record with its chain of hashes."""
        unit_id, previous = told.desk.unit.id, FIRST
        events = 0
        for sequence, act in enumerate(_acts(told), start=1):
            detail = {"code": told.code, "from": act.before, "to": act.after, **act.detail}
            assignment = act.clerk.assignment_id
            if act.name == "issue_receipt":
                detail, assignment = act.detail, None
            else:
                events += 1
                self._put(
                    "dossier_event", told.dossier_id, events, act.name, or_null(act.before), act.after,
                    act.clerk.user_id, unit_id, assignment, cell(_json(act.detail)), act.at,
                )  # fmt: skip
            note = Note(
                "dossier", public_id, act.name, act.at, act.clerk.user_id, act.clerk.user_name, unit_id, assignment,
                detail=detail,
            )  # fmt: skip
            digest = chained_hash(previous, sequence, note)
            self._put(
                "audit_entry", "dossier", public_id, sequence, act.name, act.clerk.user_id, act.clerk.user_name,
                unit_id, or_null(assignment), "", cell(_json(detail)), act.at, previous, digest,
            )  # fmt: skip
            previous = digest
        if told.path.decided_at is not None:
            code = _result_code(told.pattern)
            self._put(
                "dossier_result", self._uuid(), told.dossier_id, told.path.outcome, code, told.path.summary,
                told.processor.user_id,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Act:
    name: str
    at: datetime
    clerk: Clerk
    before: str | None
    after: str
    detail: dict[str, Any]


def _acts(told: Told) -> Iterator[_Act]:
    """Yield what happened to a dossier, first to last."""
    pattern, path = told.pattern, told.path
    yield _Act("receive", pattern.at, told.receiver, None, FIRST_STATE, {"channel": pattern.channel})
    yield _Act("issue_receipt", pattern.at, told.receiver, None, "", {"template": TEMPLATE_VERSION})
    before: State = FIRST_STATE
    if path.taken_over_at is not None:
        yield _Act("take_over", path.taken_over_at, told.processor, before, State.IN_PROGRESS, {})
        before = State.IN_PROGRESS
    if path.decided_at is not None:
        yield _Act("decide", path.decided_at, told.processor, before, State.DECIDED, {"outcome": path.outcome})
    if path.returned_at is not None:
        detail: dict[str, Any] = {"channel": pattern.return_channel}
        if pattern.collected and path.outcome is not Outcome.REFUSED:
            detail["collected"] = list(pattern.collected)
        yield _Act("return_result", path.returned_at, told.receiver, State.DECIDED, State.RETURNED, detail)


def _state(path: Path) -> State:
    if path.returned_at is not None:
        return State.RETURNED
    if path.decided_at is not None:
        return State.DECIDED
    return State.IN_PROGRESS if path.taken_over_at is not None else State.RECEIVED


_DELIVERY = {State.DECIDED: DeliveryState.READY, State.RETURNED: DeliveryState.HANDED_OVER}


def _result_code(pattern: Pattern) -> str:
    return evaluations.definition_of(pattern.version).statutory.result_code or NULL


def _paper_tails(pattern: Pattern) -> Iterator[bytes]:
    for paper in papers_of(pattern.evaluation):
        cells = (
            paper.code, 1, cell(paper.label), paper.required, paper.originals, paper.copies, paper.received,
            cell(_json(paper.detail)),
        )  # fmt: skip
        yield ("\t".join(map(str, cells)) + "\n").encode()


def _charge_tails(pattern: Pattern) -> Iterator[bytes]:
    for line in pattern.evaluation.charges:
        cells = (
            line.id, line.kind, cell(line.label.vi), or_null(line.amount), line.currency, line.set_by, line.collected,
            line.refundable,
        )  # fmt: skip
        yield ("\t".join(map(str, cells)) + "\n").encode()


def _json(content: Mapping[str, Any]) -> str:
    return _WRITING.encode(content)


_WRITING = json.JSONEncoder(ensure_ascii=False)  # one for all: `json.dumps` makes a new one at each call


def _sent(content: bytes) -> bytes:
    """Return JSON as a cell: it holds no tab and no end of line, but perhaps a backslash."""
    return content.replace(b"\\", b"\\\\") if b"\\" in content else content
