"""The command `procedure`: a definition said in sentences, its golden cases run, its proofs. No database, no clock."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from app.cli.answers import answered
from app.cli.diff import add_diff, diff_of
from app.cli.inputs import (
    GOOD,
    PROVINCE_CALENDAR,
    REFUSED,
    ReadDefinition,
    UnusableError,
    add_registers,
    office_at,
    open_output,
    problem,
    read_at,
    warn_of,
)
from app.cli.proof import add_proofs, prove
from rules.check.findings import FindingKind
from rules.clock.calendar import OfficeTime
from rules.definition.procedure import ProcedureDefinition
from rules.errors import RulesError, Severity
from rules.evaluation.cases import CaseResult, run_cases
from rules.evaluation.compile import compiled
from rules.say.definition import readable
from rules.say.listing import listing
from rules.trial import trial


def main(argv: list[str]) -> int:
    """Run one of the commands; the exit status is 0 good, 1 refused, red or unnoticed, 2 unusable input."""
    open_output()
    options = _parser().parse_args(argv)
    return _COMMANDS.get(options.command, prove)(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py procedure", description="Đọc và thử một tệp định nghĩa thủ tục.")
    commands = parser.add_subparsers(dest="command", required=True)
    say = commands.add_parser("say", help="in mọi quy định thành câu")
    say.add_argument("definition", type=Path, help="tệp YAML định nghĩa")
    say.add_argument("--language", choices=("vi", "en"), default="vi", help="ngôn ngữ, mặc định vi")
    add_registers(say)
    cases = commands.add_parser("cases", help="chạy các tình huống mẫu")
    cases.add_argument("definition", type=Path, help="tệp YAML định nghĩa")
    cases.add_argument("--calendar", type=Path, default=PROVINCE_CALENDAR, help="tệp CSV lịch nghỉ và làm bù")
    add_registers(cases)
    cases.add_argument("--hours", type=Path, help="tệp YAML giờ làm việc")
    check = commands.add_parser("check", help="chứng minh trước khi công bố: khoảng trống, chồng lấn, dòng thừa")
    check.add_argument("definition", type=Path, help="tệp YAML định nghĩa")
    add_registers(check)
    add_proofs(commands)
    add_diff(commands)
    return parser


def _say(options: argparse.Namespace) -> int:
    try:
        read = read_at(options.definition, options.registers)
    except UnusableError as unusable:
        sys.stderr.writelines(f"{sentence}\n" for sentence in unusable.sentences)
        return unusable.status
    warn_of(read)
    sys.stdout.write("\n\n".join(_spoken(read.definition, english=options.language == "en")) + "\n")
    return GOOD


def _spoken(definition: ProcedureDefinition, *, english: bool) -> Iterator[str]:
    """Yield the groups of sentences, each under its title, one sentence a line."""
    for group in listing(readable(definition)):
        texts = (text.english if english else text.vi for text in (group.title, *group.sentences))
        title, *sentences = (" ".join(text.split()) for text in texts)  # a name may hold the end of a line
        yield "\n".join([title, *(f"- {sentence}" for sentence in sentences)])


def _cases(options: argparse.Namespace) -> int:
    try:
        read = read_at(options.definition, options.registers)
        office = office_at(options.calendar, options.hours)
    except UnusableError as unusable:
        return answered({"cases": [], "problems": unusable.problems}, unusable.status)
    results, problems = _tried(read.definition, office)
    cases = [
        {"name": r.name, "line": read.line_of_case(number), "passed": r.passed, "differences": list(r.differences)}
        for number, r in enumerate(results)
    ]
    answer = {"cases": cases, "problems": [*problems, *read.unused_registers], "publication": _publication(read)}
    return answered(answer, REFUSED if problems or not all(result.passed for result in results) else GOOD)


def _tried(definition: ProcedureDefinition, office: OfficeTime) -> tuple[tuple[CaseResult, ...], list[dict[str, Any]]]:
    """Run the golden cases; the problems say why none was run."""
    problems = [found.to_data() for found in trial(definition)]
    if problems:  # what the engine did to the trial's process it could do to this one
        return (), problems
    try:
        results = run_cases(compiled(definition), office)
    except RulesError as refused:
        return (), [problem(str(refused), "")]
    none = problem("Định nghĩa chưa có tình huống mẫu nào.", "Thêm ít nhất một tình huống vào mục cases.")
    return results, [] if results else [none]


def _publication(read: ReadDefinition) -> dict[str, list[dict[str, Any]]]:
    """Return what the check before a publication finds: what would stop it, and what it only warns of."""
    found = read.findings()
    stops = [each for each in found if each["severity"] == Severity.ERROR.value]
    return {"stops": stops, "warns": [each for each in found if each["severity"] == Severity.WARNING.value]}


def _check(options: argparse.Namespace) -> int:
    try:
        read = read_at(options.definition, options.registers)
    except UnusableError as unusable:
        return answered({"findings": [], "counts": {}, "problems": unusable.problems}, unusable.status)
    found = [*read.findings(), *read.changed_since_proof()]
    found.sort(key=lambda each: [weight.value for weight in Severity].index(each["severity"]))
    counts = {each.value: sum(finding["severity"] == each.value for finding in found) for each in Severity}
    undecided = sum(finding["kind"] == FindingKind.UNDECIDED.value for finding in found)
    answer = {"findings": found, "counts": {**counts, "undecided": undecided}, "problems": read.unused_registers}
    return answered(answer, REFUSED if counts[Severity.ERROR.value] else GOOD)


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "say": _say,
    "cases": _cases,
    "check": _check,
    "diff": diff_of,
}
