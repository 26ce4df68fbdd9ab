"""Which papers (thành phần hồ sơ) this dossier needs, and why."""

from collections.abc import Iterator

from rules.definition import FromTable, Paper
from rules.errors import Problem
from rules.evaluation import NearMiss, PaperFinding, Reason
from rules.explain import citation, condition_facts, facts_used, near_misses, no_row_reason, row_reason
from rules.situation import Situation
from rules.table import Condition, Row, Table
from rules.values import Text
from rules.wording import joined, phrase

NEED_WORDS = {
    "required": Text("phải có", "required"),
    "optional": Text("không bắt buộc", "optional"),
    "waived": Text("được miễn nộp", "waived"),
    "undecided": Text("chưa có quy định", "no rule"),
}


def papers_needed(situation: Situation) -> tuple[PaperFinding, ...]:
    """Return the papers that concern this dossier, in the order of the definition."""
    return tuple(
        _paper(paper, situation)
        for paper in situation.procedure.definition.papers
        if paper.shown_when is None or paper.shown_when.holds(situation.facts)
    )


def _paper(paper: Paper, situation: Situation) -> PaperFinding:
    return PaperFinding(
        code=paper.code,
        label=paper.label,
        need=_need(paper, situation),
        originals=paper.originals,
        copies=paper.copies,
        handed=paper.handed.value,
        form=paper.form,
        waived_by=paper.waived_by,
        reasons=_reasons(paper, situation),
        near=_near(paper, situation),
    )


def _need(paper: Paper, situation: Situation) -> str:
    if isinstance(paper.required, Condition):
        return "required" if paper.required.holds(situation.facts) else "optional"
    if isinstance(paper.required, FromTable):
        hits = situation.hits[paper.required.table]
        needs = [str(hits.table.output(row, paper.required.output)) for row in hits.rows]
        return needs[0] if len(set(needs)) == 1 else "undecided"
    return "required" if paper.required else "optional"


def _reasons(paper: Paper, situation: Situation) -> tuple[Reason, ...]:
    if isinstance(paper.required, FromTable):
        return _row_reasons(paper.required, situation)
    conditions = [paper.shown_when, paper.required if isinstance(paper.required, Condition) else None]
    names = [name for condition in conditions for name in condition_facts(condition)]
    used = facts_used(names, situation)
    shown = joined([phrase("{}: {}", "{}: {}", fact.label, fact.shown) for fact in used], "; ")
    pattern = "{}: {} ({})" if used else "{}: {}"
    sentence = phrase(pattern, pattern, paper.label, NEED_WORDS[_need(paper, situation)], shown)
    return (Reason(paper.code, sentence, used, citation(paper.basis, situation)),)


def _row_reasons(source: FromTable, situation: Situation) -> tuple[Reason, ...]:
    hits = situation.hits[source.table]
    reasons = tuple(row_reason(hits.table, row, situation, _need_words(hits.table, row, source)) for row in hits.all)
    return reasons or (no_row_reason(hits.table, situation),)


def _need_words(table: Table, row: Row, source: FromTable) -> Text:
    return NEED_WORDS[str(table.output(row, source.output))]


def _near(paper: Paper, situation: Situation) -> tuple[NearMiss, ...]:
    if not isinstance(paper.required, FromTable):
        return ()
    source = paper.required
    table = situation.hits[source.table].table

    def gives(table: Table, row: Row) -> Text:
        return _need_words(table, row, source)

    return near_misses([table], situation, gives, reader=f"paper:{paper.code}")


def paper_problems(papers: tuple[PaperFinding, ...], situation: Situation) -> Iterator[Problem]:
    """Yield the papers on which the rules say nothing, or two things."""
    for paper in papers:
        if paper.need == "undecided":
            yield Problem(
                ("papers", paper.code),
                f"Chưa có quy định cho giấy tờ “{paper.label}” trong trường hợp này.",
                "Cán bộ quyết định và ghi lý do; báo người quản trị bổ sung quy định.",
            )
    sources = [paper.required for paper in situation.procedure.definition.papers]
    for name in dict.fromkeys(source.table for source in sources if isinstance(source, FromTable)):
        problem = situation.hits[name].problem()
        if problem:
            yield problem
