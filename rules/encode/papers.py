"""The papers of a definition as plain data: what `rules.decode.papers` reads back."""

from collections.abc import Mapping
from typing import Any

from rules.decode.inheriting import own_of
from rules.definition.papers import Lasting, Validity
from rules.definition.procedure import FromTable, Paper
from rules.definition.type_register import PaperType, ResultType, paper_validity
from rules.encode import money as encode_money
from rules.encode import types as encode_types
from rules.encode.money import condition
from rules.encode.registers import basis, kept
from rules.table.decision import Condition
from rules.values import Text

Data = dict[str, Any]


def paper(each: Paper, papers: Mapping[str, PaperType], results: Mapping[str, ResultType]) -> Data:
    """Return a paper, without what it has from its type."""
    of = papers.get(each.type) or results.get(each.result_type)
    lent = encode_types.paper_type(of) if isinstance(of, PaperType) else {}
    if isinstance(of, ResultType):
        whole = encode_types.result_type(of)
        lent = {"label": whole["label"], "form": whole.get("form"), "result_code": whole["code"]}
    data = _whole(each)
    if of and each.valid == paper_validity(of, each.data):
        data.pop("valid", None)
    return own_of(data, {key: part for key, part in lent.items() if key not in ("valid", "data")})


def _whole(paper: Paper) -> Data:
    needed = paper.required
    required = encode_money.output_of(needed) if isinstance(needed, FromTable) else _required(needed)
    ours = paper.note or paper.made_by_office
    return kept(
        code=paper.code,
        label=paper.label.to_data(),
        required=None if ours else required,
        shown_when=condition(paper.shown_when),
        originals=None if paper.note else paper.originals,
        copies=None if paper.note else paper.copies,
        handed=None if ours else paper.handed.value,
        form=_text(paper.form),
        waived_by=_text(paper.waived_by),
        basis=basis(paper.basis),
        for_each=paper.for_each,
        each_when=condition(paper.each_when),
        sets=paper.sets if paper.sets != 1 else None,
        accepted=encode_types.accepted(paper.accepted),
        valid=_valid(paper.valid),
        returned=paper.returned.value if paper.returned else None,
        one_of=paper.one_of,
        waived_when=condition(paper.waived_when),
        fallback=_text(paper.fallback),
        note=paper.note or None,
        made_by_office=paper.made_by_office or None,
        result_code=paper.result_code,
        type=paper.type,
        result_type=paper.result_type,
        data=dict(paper.data),
    )


def _valid(test: Validity | None) -> Data | None:
    if test is None:
        return None
    lasting = _lasting(test.lasting) if test.lasting else {}
    return kept(when=condition(test.when), text=test.text.to_data(), basis=basis(test.basis), **lasting)


def _lasting(lasting: Lasting) -> Data:
    unit = lasting.unit.value if lasting.amount is not None else None
    return kept(amount=lasting.amount, unit=unit, since=lasting.since, until=lasting.until)


def _required(required: bool | Condition) -> bool | Data:
    return {"when": condition(required)} if isinstance(required, Condition) else required


def _text(text: Text | None) -> dict[str, str] | None:
    return text.to_data() if text and text.vi else None
