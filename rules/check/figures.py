"""Typing errors in figures that stand outside tables: which of them no golden case notices.

Values of parameters, limits of waits and of the reception, numbers and comparisons in formulas, steps of scales, how
many originals and copies, caps and floors. Each is put into the definition as it is written, and that is read anew. No
space is swept here: dossiers are tried, so an error for which none shows a difference stays undecided.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from rules import facts as facts_module
from rules.check.expectations import Key, Part, differing, golden_case, parts_of
from rules.check.findings import Witness
from rules.check.mutant_report import Mutants, Unnoticed
from rules.check.trying import Golden, Trying
from rules.check.typing_errors import other_numbers
from rules.codec import definition_from, definition_to_data
from rules.definition.procedure import ProcedureDefinition
from rules.errors import DefinitionError, Place, RulesError
from rules.evaluation.cases import run_case
from rules.evaluation.compile import CompiledProcedure, tried
from rules.evaluation.evaluate import evaluate
from rules.reading import mapping_of, sequence_of
from rules.values import grouped
from rules.vocabulary import NUMERIC, FactType

FIGURES = "các số ngoài bảng"

MOST_FIGURES = 80
"""So many typing errors are looked at, evenly spread; of the others it is said that they were not."""

MOST_LOOKS = 1_200
"""So many dossiers are evaluated with an error before what is open stays undecided."""

MOST_NEAR = 24
"""So many dossiers beside a golden case are tried for one error."""

_SIGNS = {"<=": "<", "<": "<=", ">=": ">", ">": ">=", "!=": "=", "=": "!="}
_PARTS = re.compile(r"\"[^\"]*\"|'[^']*'|(?<![\w.])\d+(?![\w.])|<=|>=|!=|<|>|=")
_OF_PAPERS = {"originals": "Số bản chính", "copies": "Số bản sao", "sets": "Số bộ"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One typing error in a figure: where it stands in the definition's own data, what it is, what stands there."""

    place: Place
    what: str
    wrong: Any
    near: tuple[int, ...]


def figures(trying: Trying) -> Mutants | None:
    """Return what becomes of the typing errors in figures outside tables, None where there is no such figure."""
    data = definition_to_data(trying.definition)
    every = list(_figures(data, trying))
    if not every:
        return None
    step = max(1, -(-len(every) // MOST_FIGURES))
    untried = [each for number, each in enumerate(every) if number % step]
    return _Tried(trying, {**data, "cases": []}).made(every[::step], untried)


def _figures(data: Mapping[str, Any], trying: Trying) -> Iterator[Figure]:
    for place, called in _places(trying.definition):
        yield from _wrong(data, place, called)
    for number, spec in enumerate(trying.definition.facts):
        if spec.formula:
            yield from _of_formula(("facts", number, "formula"), f"Công thức của “{spec.label}”", spec.formula.text)


def _places(definition: ProcedureDefinition) -> Iterator[tuple[Place, str]]:
    """Yield where figures may stand, each with what it is called."""
    yield from _of_registers(definition)
    for number, paper in enumerate(definition.papers):
        for key, called in _OF_PAPERS.items():
            yield ("papers", number, key), f"{called} của “{paper.label}”"
    for section, lines in (("charges", definition.charges), ("payouts", definition.payouts)):
        for number, line in enumerate(lines):
            yield (section, number, "floor"), f"Mức tối thiểu của khoản “{line.label}”"
            yield (section, number, "cap"), f"Mức tối đa của khoản “{line.label}”"
    for number, stop in enumerate(definition.deadline.stops if definition.deadline else ()):
        yield ("deadline", "stops", number, "limit", "amount"), f"Giới hạn của lý do dừng “{stop.rule.label}”"
    yield ("deadline", "reception", "limit", "amount"), "Hạn bổ sung khi tiếp nhận"
    yield ("deadline", "reception", "receive_within", "amount"), "Hạn tiếp nhận hoặc trả lời"


def _of_registers(definition: ProcedureDefinition) -> Iterator[tuple[Place, str]]:
    for parameter in definition.parameters:
        for number, _ in enumerate(parameter.values):
            yield (
                ("parameters", parameter.id, "values", number, "value"),
                f"Giá trị thứ {number + 1} của “{parameter.label}”",
            )
    for scale in definition.scales:
        for number, _ in enumerate(scale.steps):
            place: Place = ("scales", scale.id, "steps", number)
            yield (*place, "up_to"), f"Mức trên của bậc thứ {number + 1} của “{scale.label}”"
            yield (*place, "rate"), f"Mức thu của bậc thứ {number + 1} của “{scale.label}”"


def _wrong(data: Any, place: Place, called: str) -> Iterator[Figure]:
    """Yield the typing errors of the whole number that stands here, none where there is none."""
    found = _at(data, place)
    if not isinstance(found, int) or isinstance(found, bool):
        return
    now: int = found
    few = place[-1] in _OF_PAPERS
    wrongs: list[int] = [now + 1, *([now - 1] if now else []), *([] if few else other_numbers(now))]
    for wrong in sorted(set(wrongs)):
        told = f"{called} ghi “{grouped(wrong)}” thay vì “{grouped(now)}”."
        yield Figure(place, told, wrong, (now, wrong))


def _of_formula(place: Place, called: str, text: str) -> Iterator[Figure]:
    for found in _PARTS.finditer(text):
        part = found[0]
        if part.isdigit():
            now = int(part)
            others = [str(each) for each in dict.fromkeys([now + 1, *([now - 1] if now else []), *other_numbers(now)])]
        else:
            others = [_SIGNS[part]] if part in _SIGNS else []
        near = tuple(int(each) for each in re.findall(r"(?<![\w.])\d+(?![\w.])", text))
        for wrong in others:
            told = f"{called} ghi “{wrong}” thay vì “{part}” ở ký tự thứ {found.start() + 1}."
            yield Figure(place, told, text[: found.start()] + wrong + text[found.end() :], near)


def _at(data: Any, place: Place) -> Any:
    for step in place:
        named, several = mapping_of(data), sequence_of(data)
        if named is not None:
            data = named.get(step)
        elif several is not None and isinstance(step, int) and step < len(several):
            data = several[step]
        else:
            return None
    return data


class _Tried:
    """The figures of one definition, each tried wrong."""

    def __init__(self, trying: Trying, data: dict[str, Any]) -> None:
        self._trying, self._data, self._looks = trying, data, 0
        self._now: dict[int, Mapping[Key, Part] | None] = {}
        self._cases: list[tuple[Witness, list[Key]]] = []
        self._golden: list[Mapping[str, Any]] = []
        self._near: dict[tuple[int, ...], list[Witness]] = {}

    def made(self, errors: list[Figure], untried: list[Figure]) -> Mutants:
        """Return the report."""
        caught, unnoticed, undecided = 0, list[Unnoticed](), list[str]()
        for error in errors:
            procedure = self._with(error)
            if procedure is None:
                continue  # nobody could keep it
            if any(not run_case(procedure, each.case, self._trying.office).passed for each in self._trying.golden):
                caught += 1
            elif (found := self._shown(error, procedure)) is not None:
                unnoticed.append(found)
            else:
                undecided.append(error.what)
        named = tuple(each.what for each in untried)
        return Mutants(
            "", FIGURES, caught, tuple(unnoticed), (), tuple(undecided), 0, len(untried), tuple(self._golden), named
        )  # fmt: skip

    def _with(self, error: Figure) -> CompiledProcedure | None:
        data = deepcopy(self._data)
        _at(data, error.place[:-1])[error.place[-1]] = error.wrong
        try:
            return tried(definition_from(data))
        except (DefinitionError, RulesError):
            return None

    def _shown(self, error: Figure, wrong: CompiledProcedure) -> Unnoticed | None:
        for witness in self._witnesses(error):
            if self._looks >= MOST_LOOKS:
                return None
            now = self._parts_now(witness)
            self._looks += 1
            would = _parts(self._trying, wrong, witness)
            keys = differing(now, would) if now and would else []
            if now and would and keys:
                said = tuple(would[key].said for key in keys if key in would)
                is_now = tuple(now[key].said for key in keys)
                case = self._case(witness, now, keys)
                return Unnoticed(_named(error), error.what, is_now, said, case, error.place)
        return None

    def _parts_now(self, witness: Witness) -> Mapping[Key, Part] | None:
        if id(witness) not in self._now:
            self._now[id(witness)] = _parts(self._trying, self._trying.procedure, witness)
        return self._now[id(witness)]

    def _case(self, witness: Witness, now: Mapping[Key, Part], keys: list[Key]) -> int:
        """Return the number of the case of this dossier that expects these parts; one that is there is used again."""
        for number, (other, known) in enumerate(self._cases):
            if other is witness and set(keys) <= set(known):
                return number
        self._cases.append((witness, keys))
        name = f"Thử số ngoài bảng ({len(self._cases)})"
        self._golden.append(golden_case(name, witness, {key: now[key] for key in keys}))
        return len(self._cases) - 1

    def _witnesses(self, error: Figure) -> Iterator[Witness]:
        """Yield the dossiers of golden cases, then some beside them, with numbers next to those of the error."""
        yield from (each.witness for each in self._trying.golden)
        if error.near not in self._near:
            self._near[error.near] = [
                each for golden in self._trying.golden[:3] for each in self._beside(golden, error)
            ]
        yield from self._near[error.near]

    def _beside(self, golden: Golden, error: Figure) -> Iterable[Witness]:
        vocabulary, made = self._trying.ground.vocabulary, list[Witness]()
        for name, value in golden.witness.facts.items():
            fact = vocabulary.get(name)
            if fact is None:
                continue
            others: list[Any] = []
            if fact.type in NUMERIC and not fact.scale:
                others = [near + step for near in error.near for step in (0, 1, -1)]
            elif fact.type is FactType.BOOL:
                others = [not value]
            elif fact.type is FactType.CODE:
                others = list(fact.codes)[:6]
            low, high = self._trying.ground.domains.get(name, (None, None))
            fitting = [
                each for each in others
                if not isinstance(each, int) or ((low is None or each >= low) and (high is None or each <= high))
            ]  # fmt: skip
            made += [
                Witness({**golden.witness.facts, name: each}, golden.witness.on, golden.witness.at) for each in fitting
            ]
        return made[:MOST_NEAR]


def _named(error: Figure) -> str:
    """Name the place of an error: `parameters.base.values.0.value`."""
    return ".".join(str(step) for step in error.place)


def _parts(trying: Trying, procedure: CompiledProcedure, witness: Witness) -> Mapping[Key, Part] | None:
    """Return the parts of the outcome of a dossier, of papers how many, too; None where it is refused."""
    given = facts_module.written(dict(witness.facts), trying.ground.vocabulary)
    try:
        outcome = evaluate(procedure, given, on=witness.on, at=witness.at, office=trying.office)
    except RulesError:
        return None
    found = dict(parts_of(outcome, procedure.definition))
    for paper in outcome.papers:
        part = found.get(("papers", paper.code))
        if part is not None:
            expects = {"need": paper.need, "originals": paper.originals, "copies": paper.copies}
            said = f"{part.said}, {paper.originals} bản chính, {paper.copies} bản sao"
            found["papers", paper.code] = Part(expects, said, part.rules)
    return found
