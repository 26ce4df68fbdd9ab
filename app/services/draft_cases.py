"""Golden cases added to a draft from what a proof suggests: boundary cases, cases that catch typing errors."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.importers.added_cases import with_cases
from app.security.assignment import Rights
from app.security.verbs import Verb
from app.services.errors import MoveNotAllowedError, UnusableInputError
from app.services.finding import ShownDossier, accepted_when
from app.services.office import office_register, office_time
from app.services.procedure import (
    Proof,
    case_data,
    draft_of,
    held,
    note_act,
    prove,
    read_definition,
    refuse_if_changed,
    require,
)
from app.storage.procedure import ProcedureDraft
from app.storage.unit_of_work import Work
from forms.sentence import Sentence
from rules import codec
from rules.definition.expected import Case
from rules.definition.procedure import ProcedureDefinition
from rules.encode.expected import expected

CaseData = Mapping[str, Any]
"""A golden case as a definition writes it: the very data that the commands of the proof print."""


def add_cases(
    work: Work,
    procedure_id: UUID,
    cases: Sequence[CaseData],
    *,
    rights: Rights,
    seen_version: int,
    seen_draft: UUID,
    at: datetime,
) -> int:
    """Add golden cases to the draft's own text, at the end of those it has; return how many were new.

    Each must come out as it expects. A case that the draft has already, under whatever name, is not added again: the
    same act sent twice is one. Raises StaleError where the draft is another than the page showed.
    """
    require(rights, Verb.CONFIGURE)
    procedure = held(work.session, procedure_id)
    draft = draft_of(work.session, procedure)
    new = _new_cases(draft, cases) if draft else list(cases)
    if draft is not None and cases and not new:
        return 0
    todo = Sentence("Chưa thêm tình huống nào. Tải lại trang để xem bản mới.")
    refuse_if_changed(work.session, procedure, draft, seen_version, seen_draft, todo=todo)
    if draft is None or not new:
        raise UnusableInputError("Chưa chọn tình huống nào.", todo="Tải lại trang rồi chọn lại.")
    text = with_cases(draft.source_text, new)
    proof = prove(text, office_time(office_register(work.session)))
    _refuse_unless_only_cases(draft.source_text, proof, len(new))
    draft.source_text = text
    draft.findings = [finding.to_data() for finding in proof.findings]
    draft.case_results = [case_data(case) for case in proof.cases]
    draft.drafted_by, draft.recorded_at = rights.user_id, at
    work.flush()
    detail = {"cases": [case["name"]["vi"] for case in new], "whole": codec.whole_hash(proof.definition)}
    note_act(work, procedure, "add_cases", at, detail)
    work.commit()
    return len(new)


def _new_cases(draft: ProcedureDraft, cases: Sequence[CaseData]) -> list[CaseData]:
    """Return those of the cases that the draft has not yet, each with a name of its own."""
    definition, _ = read_definition(draft.source_text)
    known = {content_of(case) for case in definition.cases}
    names = {case.name.vi for case in definition.cases}
    found: list[CaseData] = []
    for data, case in zip(cases, decoded_cases(definition, cases), strict=True):
        if content_of(case) not in known:
            name = _own_name(case.name.vi, names)
            known.add(content_of(case))
            names.add(name)
            found.append({**data, "name": {"vi": name}})
    return found


def _own_name(name: str, names: set[str]) -> str:
    if name not in names:
        return name
    return next(each for number in range(2, len(names) + 3) if (each := f"{name} ({number})") not in names)


def _refuse_unless_only_cases(before: str, proof: Proof, count: int) -> None:
    """Refuse a text in which anything but these cases is new, or one of them does not come out as it expects."""
    definition, _ = read_definition(before)
    is_same = replace(definition, cases=()) == replace(proof.definition, cases=())
    is_behind = proof.definition.cases[:-count] == definition.cases
    if not (is_same and is_behind and all(case.passed for case in proof.cases[-count:])):
        raise MoveNotAllowedError(
            "Không thêm được tình huống này vào tệp: kết quả đã khác lúc dựng.",
            todo="Dựng lại ở trang này, hoặc tự ghi tình huống vào mục cases của tệp.",
        )


def decoded_cases(definition: ProcedureDefinition, cases: Sequence[CaseData]) -> tuple[Case, ...]:
    """Read golden cases as they are written for this definition. Raises DefinitionError."""
    data = codec.definition_to_data(definition)
    data["cases"] = [dict(case) for case in cases]
    return codec.definition_from(data).cases


def content_of(case: Case) -> str:
    """Return what a golden case says, whatever it is called: its dossier, and all that must come out."""
    expects = json.dumps(expected(case.then), ensure_ascii=False, sort_keys=True)
    return repr((sorted(case.given.items()), case.on, case.at, expects))


def shown_dossier(definition: ProcedureDefinition, case: Case) -> ShownDossier:
    """Return the dossier of a golden case in words: facts by label in the order of the vocabulary."""
    return ShownDossier(tuple(_said(definition, case)), accepted_when(case.on, case.at))


def _said(definition: ProcedureDefinition, case: Case) -> Iterator[Any]:
    known = case.given
    yield from ((fact.label, fact.shown(known[name])) for name, fact in definition.vocabulary.items() if name in known)
