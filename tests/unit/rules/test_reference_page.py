"""The reference page of the format is true: its blocks are one definition that reads, checks, and passes its cases."""

import re

import pytest

from app.importers import strict_yaml
from rules.check.procedure import check
from rules.clock.spans import Begins, LimitUnit
from rules.clock.stops import Cause, Effect
from rules.codec import definition_from
from rules.definition.procedure import Collected, FieldKind, SetBy
from rules.definition.process import Combine, CountOf, CountWithin, To, WhoseClock
from rules.errors import DefinitionError, Severity
from rules.evaluation.cases import run_cases
from rules.evaluation.compile import compiled
from rules.evaluation.findings import State
from rules.formula.functions import KNOWN_FUNCTIONS
from rules.table.cell_text import parse_cell
from rules.table.decision import HitPolicy
from rules.values import Text
from rules.vocabulary import BUILT_IN, HANDED_IN, STAGES, UNIT_WORDS, Fact, FactType, Source
from tests.definitions import beside_tables, office
from tests.reference_page import PAGE, SMALLEST, definitions

DEFINITIONS = {name: definition_from(data) for name, data in definitions().items()}
RUNNING = DEFINITIONS["running"]
ERRORS_OF_PAGE = PAGE.partition("## Errors a beginner meets")[2]


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_definition_of_the_page_passes_its_golden_cases(name):
    results = run_cases(compiled(DEFINITIONS[name]), office())
    assert [(result.name, result.differences) for result in results if not result.passed] == []
    assert results


@pytest.mark.parametrize("name", [name for name in DEFINITIONS if not name.startswith("instead")])
def test_the_running_and_the_smallest_definition_can_be_published_without_a_warning(name):
    found = check(DEFINITIONS[name])
    assert [each.sentence for each in beside_tables(found) if each.severity is not Severity.NOTE] == []
    if name == "smallest 1":  # the running one shows every construct once, with tables that leave much open
        assert found == ()


@pytest.mark.parametrize("name", [name for name in DEFINITIONS if name.startswith("instead")])
def test_what_is_put_in_place_of_parts_can_be_published_too(name):
    assert [found.sentence for found in check(DEFINITIONS[name]) if found.severity is Severity.ERROR] == []


def test_the_smallest_definition_is_small():
    assert [len(text.splitlines()) < 50 for text in SMALLEST] == [True]


ERRORS = [
    (instead, "" if wrote == "nothing" else wrote.strip("`"), said)
    for instead, wrote, said in re.findall(
        r"^\| `(.+?)` \| (`.*?`|nothing) \| (.*?) \| .* \|$", ERRORS_OF_PAGE, re.MULTILINE
    )
]


@pytest.mark.parametrize(("instead", "wrote", "said"), ERRORS)
def test_the_errors_a_beginner_meets_are_told_in_the_words_of_the_page(instead, wrote, said):
    assert instead in SMALLEST[0]
    assert said in told(SMALLEST[0].replace(instead, wrote, 1))


def test_the_page_tells_of_many_errors():
    assert len(ERRORS) == ERRORS_OF_PAGE.count("\n| `") >= 15


def told(text: str) -> str:
    """All that the commands say of a definition: faults, doubts, and the differences of its golden cases."""
    try:
        definition = definition_from(strict_yaml.load(text).data)
    except (strict_yaml.UnusableYamlError, DefinitionError) as error:
        return str(error)
    results = run_cases(compiled(definition), office())
    doubts = [problem.sentence for problem in check(definition)]
    return "\n".join([*doubts, *(difference for result in results for difference in result.differences)])


def test_every_function_is_at_work_in_the_running_definition():
    formulas = " ".join(spec.formula.text for spec in RUNNING.facts if spec.formula)
    unused = [name for name in KNOWN_FUNCTIONS if not re.search(rf"(?<!\w){name}\(", formulas)]
    assert unused == []


FACTS = {
    "all": Fact("x", FactType.INT, Text("x"), Source.FORM),
    "numbers, amounts, measures, days, moments": Fact("x", FactType.INT, Text("x"), Source.FORM),
    "days": Fact("x", FactType.DAY, Text("x"), Source.FORM),
    "measures": Fact("x", FactType.FIXED, Text("x"), Source.FORM, scale=1),
    "moments": Fact("x", FactType.MOMENT, Text("x"), Source.FORM),
    "codes": Fact("x", FactType.CODE, Text("x"), Source.FORM, {"a": Text("A"), "b": Text("B")}),
    "bool": Fact("x", FactType.BOOL, Text("x"), Source.FORM),
    "sets of codes": Fact("x", FactType.CODES, Text("x"), Source.FORM, {"a": Text("A"), "b": Text("B")}),
    "text, groups": Fact("x", FactType.TEXT, Text("x"), Source.FORM),
}


def test_every_cell_of_the_table_of_cells_reads_as_it_is_written():
    lines = PAGE.partition("\n### Cells\n")[2].partition("\n## ")[0].splitlines()
    rows = [line.strip("|").split(" | ") for line in lines if line.startswith("| ") and "`" in line]
    kind, read = "", 0
    for first, *cells in rows:
        kind = first.strip() or kind
        for text in re.findall(r"`([^`]+)`", " ".join(cells)):
            parse_cell(text, FACTS[kind])
            read += 1
    assert read > 40


def test_every_link_inside_the_page_leads_to_a_heading():
    prose = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", prose, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert sorted(set(re.findall(r"\]\(#([^)]+)\)", prose)) - anchors) == []


def test_the_table_of_contents_names_every_section():
    contents = PAGE.partition("## How to begin")[0]
    sections = re.findall(r"^## (.*)$", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL), re.MULTILINE)
    slugs = [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in sections]
    assert [slug for slug in slugs if f"(#{slug})" not in contents] == []


def test_the_page_names_every_function_of_formulas():
    assert [name for name in KNOWN_FUNCTIONS if f"`{name}`" not in PAGE and f"`{name}(" not in PAGE] == []


def test_the_page_names_every_kind_unit_policy_and_built_in_fact():
    words = [*FieldKind, *LimitUnit, *HitPolicy, *SetBy, *Collected, *BUILT_IN, *UNIT_WORDS]
    words += [*Cause, *Effect, *Begins, *Combine, *To, *WhoseClock, *HANDED_IN, *STAGES, *CountOf, *CountWithin, *State]
    assert [word for word in words if f"`{word}`" not in PAGE] == []
