"""The reference page of the format is true: its blocks are one definition that reads, checks, and passes its cases."""

import re
from pathlib import Path

from app.importers import strict_yaml
from rules.cases import run_cases
from rules.check import check
from rules.codec import definition_from
from rules.compile import compiled
from rules.definition import Collected, FieldKind, SetBy
from rules.evaluation import State
from rules.formula.functions import KNOWN_FUNCTIONS
from rules.process import Combine, CountOf, CountWithin, To, WhoseClock
from rules.spans import Begins, LimitUnit
from rules.stops import Cause, Effect
from rules.table import HitPolicy
from rules.vocabulary import BUILT_IN, HANDED_IN, STAGES, UNIT_WORDS
from tests.definitions import office

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "definition.md").read_text("utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_blocks_of_the_page_are_one_working_definition():
    definition = definition_from(strict_yaml.load("\n".join(BLOCKS)).data)
    assert [problem.sentence for problem in check(definition)] == []
    results = run_cases(compiled(definition), office())
    assert [(result.name, result.differences) for result in results if not result.passed] == []
    assert len(results) >= 8


def test_the_page_names_every_function_of_formulas():
    assert [name for name in KNOWN_FUNCTIONS if f"`{name}`" not in PAGE and f"`{name}(" not in PAGE] == []


def test_the_page_names_every_kind_unit_policy_and_built_in_fact():
    words = [*FieldKind, *LimitUnit, *HitPolicy, *SetBy, *Collected, *BUILT_IN, *UNIT_WORDS]
    words += [*Cause, *Effect, *Begins, *Combine, *To, *WhoseClock, *HANDED_IN, *STAGES, *CountOf, *CountWithin, *State]
    assert [word for word in words if f"`{word}`" not in PAGE] == []
