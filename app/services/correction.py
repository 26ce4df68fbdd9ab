"""Mending the answers of a dossier in process (sửa câu trả lời): a new revision, computed anew, the difference told.

Nothing is overwritten: the facts before stay a revision of their own, and so does the evaluation that stood on them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.security.assignment import Rights
from app.security.verbs import Verb
from app.services import dossier as dossiers
from app.services import evaluation as evaluations
from app.services import search_lines
from app.services.errors import MoveNotAllowedError, NotAllowedError, NotReceivableError, UnusableInputError
from app.services.evaluation import Evaluated
from app.storage.account import Officer
from app.storage.dossier import Dossier, DossierFacts, DossierPaper
from app.storage.identity import current_identity
from app.storage.unit_of_work import Work
from forms.sentence import Sentence
from rules import codec
from rules.evaluation.outcome import Evaluation
from rules.lifecycle import CORRECT, STATE_LABELS, State
from rules.say.plainly import answered
from rules.values import Text

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Changed:
    """One answer that is another now."""

    field: str
    label: Text
    before: Text
    after: Text


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a correction would come to: the answers it changes, and the outcome before and after, for the difference.

    `before` is None where nothing was computed yet. `papers` are asked for only now.
    """

    facts: Mapping[str, Any]
    changes: tuple[Changed, ...]
    before: Evaluation | None
    done: Evaluated

    @property
    def totals(self) -> tuple[tuple[str, int | None, int | None], ...]:
        """For each currency the sum before and after; None is not known."""
        before = {} if self.before is None else dict(self.before.totals)
        after = dict(self.done.evaluation.totals)
        return tuple((each, before.get(each, 0), after.get(each, 0)) for each in sorted({*before, *after}))

    @property
    def papers(self) -> tuple[Text, ...]:
        """The papers that are needed now and were not before."""
        had = set[str]() if self.before is None else {paper.code for paper in self.before.papers if paper.required}
        return tuple(each.label for each in self.done.evaluation.papers if each.required and each.code not in had)


@dataclass(frozen=True, slots=True)
class Past:
    """One value that an answer once had: from what to what, by whom, when and why."""

    label: Text
    before: Text
    after: Text
    who: str
    at: datetime
    reason: str


def may_correct(dossier: Dossier, rights: Rights) -> bool:
    """Say whether this person may mend the answers: the dossier is in process, and they hold it."""
    in_process = dossier.state == State.IN_PROGRESS and dossier.holder_id == rights.user_id
    return in_process and dossiers.may_do_beside(dossier, Verb.PROCESS, rights)


def require_correct(dossier: Dossier, rights: Rights) -> None:
    """Refuse who may not mend the answers, and a dossier that is not in process."""
    if dossier.state != State.IN_PROGRESS:
        raise MoveNotAllowedError(
            "Hồ sơ %(code)s đang ở trạng thái “%(state)s” nên không sửa được câu trả lời.",
            todo="Chỉ sửa được khi hồ sơ đang giải quyết. Nếu hồ sơ mới tiếp nhận thì nhận giải quyết trước.",
            code=dossier.code, state=Sentence(STATE_LABELS[State(dossier.state)]),
        )  # fmt: skip
    if not may_correct(dossier, rights):
        raise NotAllowedError(
            "Chỉ người đang giữ hồ sơ mới sửa được câu trả lời.", todo="Nhận giải quyết hồ sơ này, hoặc nhờ người giữ."
        )


def facts_now(session: Session, dossier: Dossier) -> dict[str, Any]:
    """Return all facts of a dossier as they are now."""
    kept = session.scalars(
        select(DossierFacts.facts).where(
            DossierFacts.dossier_id == dossier.id, DossierFacts.revision == dossier.facts_revision
        )
    ).one()
    return codec.facts_from_json(evaluations.definition_of(dossier.rules_version), kept)


def proposed(session: Session, dossier: Dossier, answers: Mapping[str, Any]) -> Proposal:
    """Return what these answers of the whole form come to, computed as of the acceptance, whose law holds.

    Raises UnusableInputError where nothing is another, NotReceivableError where an answer is wanting that decides.
    """
    definition = evaluations.definition_of(dossier.rules_version)
    before = facts_now(session, dossier)
    asked = {field.id for field in definition.fields}
    facts = {**{name: value for name, value in before.items() if name not in asked}, **answers}
    changes = tuple(_changes(dossier, before, facts))
    if not changes:
        raise UnusableInputError("Chưa có câu trả lời nào được sửa.", todo="Sửa câu trả lời cần sửa rồi gửi lại.")
    done = evaluations.evaluate_facts(session, dossier.rules_version, facts, dossier.accepted_at)
    grounds = dossiers.grounds_against(definition, done.evaluation, frozenset())
    wanting = [ground.text for ground in grounds if ground.fact]
    if wanting:
        raise NotReceivableError(wanting)
    latest = evaluations.latest(session, dossier)
    return Proposal(facts, changes, None if latest is None else Evaluation.from_data(latest.outcome), done)


def _changes(dossier: Dossier, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Changed]:
    definition = evaluations.definition_of(dossier.rules_version)
    vocabulary = definition.vocabulary
    for name in dict.fromkeys((*(field.id for field in definition.fields), *before, *after)):
        if before.get(name) != after.get(name):
            fact = vocabulary[name]
            yield Changed(name, fact.label, answered(fact, before.get(name)), answered(fact, after.get(name)))


def correct(
    work: Work, dossier_id: UUID, answers: Mapping[str, Any], *, reason: str, rights: Rights, seen_version: int,
    at: datetime,
) -> Proposal:  # fmt: skip
    """Write these answers as the next revision, with what they come to; the difference is then charged or refunded.

    The appointment that was printed stays; what the rules now say of it stands in the evaluation.
    """
    dossier = dossiers.open_dossier(work.session, dossier_id, rights)
    require_correct(dossier, rights)
    duty = dossiers.begin_beside(work.session, dossier, Verb.PROCESS, rights, seen_version)
    why = " ".join(reason.split())[:LONGEST_REASON]
    if not why:
        raise UnusableInputError("Chưa ghi lý do sửa.", todo="Ghi lý do, ví dụ: người nộp khai lại số trang.")
    proposal = proposed(work.session, dossier, answers)
    definition = evaluations.definition_of(dossier.rules_version)
    dossier.facts_revision += 1
    dossier.money_state = dossiers.money_state(proposal.done.evaluation)
    work.session.add(
        DossierFacts(
            dossier_id=dossier.id, revision=dossier.facts_revision, author_id=current_identity().user_id, reason=why,
            facts=codec.facts_to_json(definition, proposal.facts), event_at=at,
        )
    )  # fmt: skip
    evaluations.record(
        work, dossier, dossier.rules_version, proposal.done, at=dossier.accepted_at,
        reason=Sentence("Sửa câu trả lời: %(why)s", why=why),
    )  # fmt: skip
    _add_papers(work.session, dossier, proposal.done.evaluation)
    search_lines.ask_for(work, dossier)
    told = {
        "corrected": [change.field for change in proposal.changes], "why": why,
        "totals": [list(each) for each in proposal.totals],
    }  # fmt: skip
    dossiers.finish_beside(work, dossier, CORRECT, duty, at, told)
    return proposal


def _add_papers(session: Session, dossier: Dossier, outcome: Evaluation) -> None:
    """List the papers that are asked for only now; none of them was handed in."""
    listed = set(session.scalars(select(DossierPaper.code).where(DossierPaper.dossier_id == dossier.id)))
    session.add_all(
        DossierPaper(
            dossier_id=dossier.id, code=paper.code, revision=dossier.facts_revision, label=paper.label.vi,
            required=paper.required, originals=paper.originals, copies=paper.copies, received=False,
            detail={"handed": paper.handed, "need": paper.need},
        )
        for paper in outcome.papers if paper.need != "note" and paper.code not in listed
    )  # fmt: skip


def values_over_time(session: Session, dossier: Dossier) -> Mapping[str, tuple[Past, ...]]:
    """Return for each answer that ever changed what it was and became, oldest first, by the answer's id."""
    definition = evaluations.definition_of(dossier.rules_version)
    rows = session.execute(
        select(DossierFacts, Officer.full_name)
        .outerjoin(Officer, Officer.id == DossierFacts.author_id)
        .where(DossierFacts.dossier_id == dossier.id)
        .order_by(DossierFacts.revision)
    ).all()
    found: dict[str, list[Past]] = {}
    for (earlier, _), (later, who) in pairwise(rows):
        before, after = (codec.facts_from_json(definition, each.facts) for each in (earlier, later))
        for change in _changes(dossier, before, after):
            past = Past(change.label, change.before, change.after, who or "", later.event_at, later.reason or "")
            found.setdefault(change.field, []).append(past)
    return {name: tuple(values) for name, values in found.items()}
