"""Which papers (thành phần hồ sơ) this dossier needs, for which rows of its groups, in which form, and why."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from rules.definition.papers import ASKED, NEED_WORDS, Lasting
from rules.definition.procedure import FromTable, Paper
from rules.definition.type_register import PaperType, ResultType
from rules.errors import OutOfBoundsError, Problem, Severity
from rules.evaluation.explain import (
    MOST_NEAR,
    citation,
    condition_facts,
    facts_used,
    near_misses,
    no_row_reason,
    row_reason,
)
from rules.evaluation.findings import NearMiss, PaperFinding, PaperRow, Reason
from rules.evaluation.kinds.told import data_held, with_facts
from rules.evaluation.missing import may_hold
from rules.evaluation.situation import Hits, Situation
from rules.table.decision import Condition, Row, Table
from rules.values import Text
from rules.wording import headed, joined, phrase

Asks = tuple["_Ask", ...]


@dataclass(frozen=True, slots=True)
class _Ask:
    """A paper as one row of its group asks for it, or the whole dossier (`row` 0), and what is needed there.

    `by_source`: a data source stands in for the paper. `others` are the papers of which one is enough, this one
    among them; one that is waived is `covered_by`.
    """

    paper: Paper
    row: int
    situation: Situation
    need: str
    by_source: bool = False
    others: tuple[Paper, ...] = ()
    covered_by: Paper | None = None


def papers_needed(situation: Situation) -> tuple[PaperFinding, ...]:
    """Return the papers that concern this dossier, in the order of the definition."""
    asks = _with_alternatives(
        [ask for paper in situation.procedure.definition.papers for ask in _asks(paper, situation)]
    )
    by_paper: dict[str, list[_Ask]] = {}
    for ask in asks:
        by_paper.setdefault(ask.paper.code, []).append(ask)
    return tuple(_finding(tuple(each), situation) for each in by_paper.values())


def _asks(paper: Paper, situation: Situation) -> Iterator[_Ask]:
    if paper.shown_when is not None and not paper.shown_when.holds(situation.facts):
        return
    if not paper.for_each:
        yield _ask(paper, 0, situation)
        return
    for number, row in enumerate(situation.rows(paper.for_each), start=1):
        if paper.each_when is None or paper.each_when.holds(row.facts):
            yield _ask(paper, number, row)


def _ask(paper: Paper, row: int, situation: Situation) -> _Ask:
    need = _need(paper, situation)
    if need != "waived" and paper.waived_when and paper.waived_when.holds(situation.facts):
        return _Ask(paper, row, situation, "waived", by_source=True)
    return _Ask(paper, row, situation, need)


def _need(paper: Paper, situation: Situation) -> str:
    """Return what the paper's own rule says."""
    if paper.note or paper.made_by_office:
        return "note" if paper.note else "by_office"
    if isinstance(paper.required, Condition):
        return "required" if paper.required.holds(situation.facts) else "optional"
    if isinstance(paper.required, FromTable):
        hits = situation.hits[paper.required.table]
        needs = [str(hits.table.output(row, paper.required.output)) for row in hits.rows]
        return needs[0] if len(set(needs)) == 1 else "undecided"
    return "required" if paper.required else "optional"


def _with_alternatives(asks: list[_Ask]) -> list[_Ask]:
    """Weigh the papers of which one is enough against each other, row by row."""
    beside: dict[tuple[str, int], list[_Ask]] = {}
    for ask in asks:
        beside.setdefault((ask.paper.one_of, ask.row), []).append(ask)
    return [_beside(ask, beside[ask.paper.one_of, ask.row]) if ask.paper.one_of else ask for ask in asks]


_REPLACEABLE = ("required", "optional")


def _beside(ask: _Ask, group: list[_Ask]) -> _Ask:
    """Return the ask as the others leave it: one waived paper is enough, else any one of those asked for."""
    if ask.need not in _REPLACEABLE:
        return ask
    asked = [each for each in group if each.need in _REPLACEABLE]
    waived = next((each.paper for each in group if each.need == "waived"), None)
    if waived:
        return replace(ask, need="waived", covered_by=waived)
    if len(asked) > 1 and any(each.need == "required" for each in asked):
        return replace(ask, need="one_of", others=tuple(each.paper for each in asked))
    return ask


def _finding(asks: Asks, situation: Situation) -> PaperFinding:
    paper, needs = asks[0].paper, {ask.need for ask in asks}
    need = next(each for each in NEED_WORDS if each in needs)
    times = paper.sets * sum(ask.need == need for ask in asks)
    from_source = [ask.by_source for ask in asks]
    return PaperFinding(
        code=paper.code,
        label=paper.label,
        need=need,
        originals=paper.originals * times,
        copies=paper.copies * times,
        handed=paper.handed.value,
        form=paper.form,
        waived_by=paper.waived_by if paper.waived_when is None or any(from_source) else None,
        reasons=tuple(reason for ask in asks for reason in _reasons(ask)),
        near=tuple(miss for ask in asks for miss in _near(ask))[:MOST_NEAR],
        rows=tuple(_row(ask) for ask in asks if ask.row),
        sets=paper.sets,
        accepted=_accepted(paper, situation),
        returned=paper.returned.value if paper.returned else "",
        one_of=paper.one_of,
        fallback=paper.fallback if need in ASKED else None,
        valid=_all_valid([_valid(ask) for ask in asks if ask.need != "waived"]),
        result_code=paper.result_code,
        type=paper.type,
        result_type=paper.result_type,
        data=() if paper.for_each else data_held(type_of(paper, situation), paper.data, situation),
    )


def type_of(paper: Paper, situation: Situation) -> PaperType | ResultType | None:
    """Return the type of a paper, None where it names none."""
    definition = situation.procedure.definition
    types = definition.paper_types if paper.type else definition.result_types if paper.result_type else ()
    return next((each for each in types if each.id in (paper.type, paper.result_type)), None)


def _row(ask: _Ask) -> PaperRow:
    return PaperRow(ask.row, _row_shown(ask), ask.need, _valid(ask))


def _row_shown(ask: _Ask) -> Text:
    group = ask.paper.for_each
    return ask.situation.procedure.vocabulary[group].shown([ask.situation.facts[group][ask.row - 1]])


def _accepted(paper: Paper, situation: Situation) -> tuple[str, ...]:
    way = situation.facts.get("channel")
    return tuple(form.value for each in paper.accepted if each.way == way for form in each.forms)


def _valid(ask: _Ask) -> bool | None:
    """Tell whether the paper is valid; None where it is not asked for, has no test, or the facts could still decide."""
    test = ask.paper.valid
    if test is None or ask.need == "waived":
        return None
    if test.lasting:
        return _lasts(test.lasting, ask.situation)
    assert test.when is not None
    if test.when.holds(ask.situation.facts):
        return True
    return None if may_hold(test.when, ask.situation) else False


def _lasts(lasting: Lasting, situation: Situation) -> bool | None:
    """Tell whether the paper is still good on the day of acceptance, None while the day that tells it is unknown."""
    known = situation.facts.get(lasting.fact)
    if known is None:
        return None
    with suppress(OutOfBoundsError):  # past the calendar it is good for ever
        return situation.on <= lasting.last_day(known)
    return True


def _all_valid(found: Iterable[bool | None]) -> bool | None:
    each = set(found)
    return False if False in each else True if each == {True} else None


def _reasons(ask: _Ask) -> Iterator[Reason]:
    """Yield why the paper is needed, told of its row; then what stands in for it, and why it is not valid."""
    said = _waiver(ask) if ask.by_source or ask.covered_by else _own_reasons(ask)
    for reason in (*said, *_alternatives(ask), *_invalid(ask)):
        yield replace(reason, sentence=_of_row(ask, reason.sentence)) if ask.row else reason


def _of_row(ask: _Ask, said: Text) -> Text:
    return phrase("Dòng {} ({}): {}", "Row {} ({}): {}", str(ask.row), _row_shown(ask), said)


def _own_reasons(ask: _Ask) -> tuple[Reason, ...]:
    paper, situation = ask.paper, ask.situation
    if isinstance(paper.required, FromTable):
        return _row_reasons(paper.required, situation)
    required = paper.required if isinstance(paper.required, Condition) else None
    conditions = (paper.shown_when, paper.each_when, required)
    said = headed(paper.label, NEED_WORDS[ask.need])
    return (_reason(ask, paper.label if paper.note else said, conditions),)


def _reason(ask: _Ask, said: Text, conditions: Iterable[Condition | None]) -> Reason:
    used = facts_used([name for each in conditions for name in condition_facts(each)], ask.situation)
    return Reason(ask.paper.code, with_facts(said, used), used, citation(ask.paper.basis, ask.situation))


def _waiver(ask: _Ask) -> tuple[Reason, ...]:
    """Say what stands in for a paper that is not asked for: a data source, or another paper that is waived."""
    if ask.covered_by:
        vi, en = "{}: được miễn nộp vì “{}” đã được miễn", "{}: waived, as “{}” is waived"
        return (_reason(ask, phrase(vi, en, ask.paper.label, ask.covered_by.label), ()),)
    assert ask.paper.waived_by, "the decoder refuses waived_when without waived_by"
    vi, en = "{}: được miễn nộp, thay bằng {}", "{}: waived, replaced by {}"
    said = phrase(vi, en, ask.paper.label, ask.paper.waived_by)
    return (_reason(ask, said, (ask.paper.shown_when, ask.paper.each_when, ask.paper.waived_when)),)


def _alternatives(ask: _Ask) -> Iterator[Reason]:
    if ask.others:
        labels = joined([phrase("“{}”", "“{}”", each.label) for each in ask.others], ", ")
        said = phrase("Chỉ cần một trong các giấy tờ: {}", "One of these papers is enough: {}", labels)
        yield Reason(ask.paper.code, said, (), citation(ask.paper.basis, ask.situation))


def _invalid(ask: _Ask) -> Iterator[Reason]:
    test = ask.paper.valid
    if test and _valid(ask) is False:
        used = facts_used(test.facts, ask.situation)
        said = phrase("{} không hợp lệ: {}", "{} is not valid: {}", ask.paper.label, test.text)
        cited = citation(test.basis or ask.paper.basis, ask.situation)
        yield Reason(ask.paper.code, with_facts(said, used), used, cited)


def _row_reasons(source: FromTable, situation: Situation) -> tuple[Reason, ...]:
    hits = situation.hits[source.table]
    reasons = tuple(row_reason(hits.table, row, situation, _need_words(hits.table, row, source)) for row in hits.all)
    return reasons or (no_row_reason(hits.table, situation),)


def _need_words(table: Table, row: Row, source: FromTable) -> Text:
    return NEED_WORDS[str(table.output(row, source.output))]


def _near(ask: _Ask) -> Iterator[NearMiss]:
    source = ask.paper.required
    if not isinstance(source, FromTable):
        return
    table = ask.situation.hits[source.table].table

    def gives(table: Table, row: Row) -> Text:
        return _need_words(table, row, source)

    for miss in near_misses([table], ask.situation, gives, reader=f"paper:{ask.paper.code}"):
        yield replace(miss, change=_of_row(ask, miss.change)) if ask.row else miss


def paper_problems(papers: tuple[PaperFinding, ...], situation: Situation) -> Iterator[Problem]:
    """Yield the papers on which the rules say nothing, or two things, and those that are not valid."""
    tests = {paper.code: paper.valid for paper in situation.procedure.definition.papers}
    for paper in papers:
        if "undecided" in {paper.need, *(row.need for row in paper.rows)}:
            yield Problem(
                ("papers", paper.code),
                f"Chưa có quy định cho giấy tờ “{paper.label}” trong trường hợp này.",
                "Cán bộ quyết định và ghi lý do; báo người quản trị bổ sung quy định.",
            )
        test = tests[paper.code]
        if test and paper.valid is False:
            yield _invalid_problem(paper, test.text)
    sources = [paper.required for paper in situation.procedure.definition.papers]
    for name in dict.fromkeys(source.table for source in sources if isinstance(source, FromTable)):
        problems = [hits.problem() for hits in _hits_read(name, situation)]
        yield from (problem for problem in problems if problem)


def _invalid_problem(paper: PaperFinding, text: Text) -> Problem:
    """Name a paper that is not valid; one that need not be handed in stops nothing."""
    rows = ", ".join(str(row.row) for row in paper.rows if row.valid is False)
    where = f" (dòng {rows})" if rows else ""
    return Problem(
        ("papers", paper.code),
        f"Giấy tờ “{paper.label}”{where} không hợp lệ: {text}",
        "Yêu cầu giấy tờ hợp lệ, hoặc kiểm tra lại điều đã khai và ghi nhận về giấy tờ này.",
        Severity.ERROR if paper.required else Severity.WARNING,
    )


def _hits_read(table: str, situation: Situation) -> tuple[Hits, ...]:
    return (situation.hits[table],) if table in situation.hits else situation.each(table)
