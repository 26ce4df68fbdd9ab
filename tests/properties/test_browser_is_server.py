"""One definition, two readers: the page's script shows, asks and computes what the server does, for every case."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.browser import Part, encoded, encoded_facts, form_law, tree
from forms.build import build_form
from forms.facts import FormData
from forms.settling import settle
from rules.clock.calendar import WorkCalendar
from rules.definition.procedure import (
    CodeItem,
    CodeList,
    DayBound,
    FactSpec,
    Field,
    FieldKind,
    ProcedureDefinition,
    Statutory,
)
from rules.errors import OutOfBoundsError
from rules.formula import compute, parse_formula
from rules.table.cells import ANYTHING, Cell, Has, HasHow, Known, OneOf, Range, Test, Within
from rules.table.decision import Condition
from rules.values import Text
from rules.vocabulary import FactType
from tests import formula_oracle as oracle
from tests.script_engine import NODE, ScriptEngine, script_running

pytestmark = pytest.mark.skipif(NODE is None, reason="máy này chưa có Node (make setup cài kèm)")

TODAY = date(2026, 11, 20)
CALENDAR = WorkCalendar("thử", frozenset(oracle.DAYS_OFF), frozenset(), frozenset({2026, 2027}))
CODES = (*oracle.CODES, "c_1")
LISTS = (CodeList("codes", tuple(CodeItem(code, Text(code)) for code in CODES)),)
SEEDS = st.integers(0, 2**48)
SERVED = {"roll", "add_working_days", "same"}
KINDS = {
    FactType.INT: FieldKind.WHOLE_NUMBER, FactType.FIXED: FieldKind.MEASURE, FactType.MONEY: FieldKind.MONEY,
    FactType.BOOL: FieldKind.YES_NO, FactType.CODE: FieldKind.CHOICE, FactType.CODES: FieldKind.CHOICES,
    FactType.DAY: FieldKind.DAY, FactType.TEXT: FieldKind.TEXT,
}  # fmt: skip
MORE_KINDS = (
    FieldKind.LONG_TEXT, FieldKind.MOMENT, FieldKind.CITIZEN_ID, FieldKind.TAX_CODE, FieldKind.PHONE, FieldKind.EMAIL,
)  # fmt: skip

TYPED = {
    FieldKind.WHOLE_NUMBER: ["0", "7", " 12 ", "1.234", "1 234.567", "12,5", "-3", "1.23", "9" * 19, "x", "٣"],
    FieldKind.MONEY: ["0", "1.000đ", "2.500 đồng", "300 VNĐ.", "1000000000000001", "12 đô", "7.000 ₫"],
    FieldKind.MEASURE: ["0", "1", "12,5", "1.234,56", "1.234,567", "1234.5", ",5", "9" * 18, "0,001", "-1,5"],
    FieldKind.DAY: ["20/11/2026", "1/9/2024", "01-09-2024", "29.2.2024", "29/02/2023", "2024-09-01", "31/04/2024",
                    "21/11/2026", "01/01/1799", "1/1/2200", "20/11/26", " 5/5/2005 "],
    FieldKind.MOMENT: ["20/11/2026 07:30", "7:30 20/11/2026", "2026-11-20T07:30", "20/11/2026, 24:00", "1/1/1900 10:00",
                       "1/1/1901 0:00", "20/11/2026"],
    FieldKind.TEXT: ["a", "  a   b ", "Đăng  ký", "a\u0301", "\u00a0x", "\u200bx", "x" * 500, "x" * 501, "a\x00b",
                     "🏠"],
    FieldKind.LONG_TEXT: ["một\r\nhai", "\r", "y" * 5001, "z"],
    FieldKind.CITIZEN_ID: ["087190001234", "087.190.001.234", "0871900012345", "08719000123", " 087 190 001 234 "],
    FieldKind.TAX_CODE: ["1400999003", "1400 999 003", "1400999010-001", "1400999003000", "1400999004", "087190001234",
                         "14009990100010"],
    FieldKind.PHONE: ["0912345678", "+84 912 345 678", "84912345678", "(028) 3822 3344", "0084912345678",
                      "12345", "0112345678"],
    FieldKind.EMAIL: ["a@b.vn", "a@b", "a b@c.vn", "a@b..vn", " x@y.z ", "x@y.z\u3000"],
    FieldKind.YES_NO: ["true", "false", "maybe"],
    FieldKind.CHOICE: [*CODES, "z"],
    FieldKind.CHOICES: [*CODES, *CODES, "z"],
}  # fmt: skip
"""What people type, right and wrong."""


@pytest.fixture(scope="module")
def script() -> Iterator[ScriptEngine]:
    """The page's script in Node."""
    with script_running() as engine:
        yield engine


# ---- formulas


def is_served(made: Any) -> bool:
    """Tell whether a grown formula uses what only the server computes."""
    return isinstance(made, tuple) and (made[0] in SERVED or any(is_served(part) for part in made))


def grown(chance: random.Random) -> tuple[str, FactType, int]:
    """A formula's text, its type and its decimal digits."""
    grower, depth = oracle.Grower(chance), chance.randrange(1, 5)
    while True:
        wanted = chance.choice(("number", "money", "truth", "day"))
        if wanted == "truth":
            made, kind, scale = grower.truth(depth), FactType.BOOL, 0
        elif wanted == "day":
            made, kind, scale = grower.day(depth), FactType.DAY, 0
        elif wanted == "money":
            made, kind, scale = ("round", grower.number(depth, money=True)[0], "1", "half_up"), FactType.MONEY, 0
        else:
            made, kind, scale = grower.number(depth)[0], FactType.FIXED, 6
        if not is_served(made):
            return oracle.written(made), kind, scale


@settings(max_examples=400)
@given(SEEDS)
def test_a_formula_gives_the_same_in_the_browser(script, seed):
    chance = random.Random(seed)
    text, kind, scale = grown(chance)
    formula = parse_formula(text, oracle.VOCABULARY, kind, scale=scale, scales=oracle.RATES)
    written = tree(formula.tree)
    for _ in range(3):
        facts = oracle.random_facts(chance)
        try:
            wanted = compute(formula, facts, CALENDAR)
        except (OutOfBoundsError, OverflowError):
            wanted = None
        found = script.computed(written, encoded_facts(facts))
        assert found == (None if wanted is None else encoded(wanted)), f"{text} for {facts}"


# ---- forms


class Maker:
    """Makes a definition and what is typed into its form, from a seed."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.computed: list[FactSpec] = []
        self.names: list[tuple[str, FactType]] = list(oracle.TOP.items())

    def definition(self) -> ProcedureDefinition:
        """A definition over the facts of the grown formulas, every field shown and required by some condition."""
        chance = self.chance
        for place in range(chance.randrange(4)):
            text, kind, scale = grown(chance)
            formula = parse_formula(text, oracle.VOCABULARY, kind, scale=scale, scales=oracle.RATES)
            self.computed.append(FactSpec(f"made_{place}", kind, Text("x"), formula, scale=scale))
        self.names += [(spec.id, spec.type) for spec in self.computed]
        fields = [self.field(name, KINDS[kind]) for name, kind in oracle.TOP.items()]
        fields += [self.field(kind.value, kind) for kind in chance.sample(MORE_KINDS, chance.randrange(4))]
        members = tuple(self.field(name, KINDS[kind], "rows.") for name, kind in oracle.MEMBERS.items())
        rows = Field("rows", FieldKind.GROUP, Text("x"), min_rows=chance.choice((0, 0, 2)), max_rows=3, fields=members)
        fields.append(replace(rows, shown_when=self.condition(), required=chance.random() < 0.3))
        chance.shuffle(fields)
        return ProcedureDefinition(
            "1.001", Text("x"), Text("x"), Statutory(), lists=LISTS, fields=tuple(fields), facts=tuple(self.computed),
        )  # fmt: skip

    def field(self, name: str, kind: FieldKind, prefix: str = "") -> Field:
        scale = oracle.SCALES_OF_FACTS.get(prefix + name, 1) if kind is FieldKind.MEASURE else 0
        low, high = self.chance.choice(((None, None), (-5, None), (0, 20_000), (None, 7)))
        bounds = (
            {"min": low, "max": high} if kind in (FieldKind.WHOLE_NUMBER, FieldKind.MONEY, FieldKind.MEASURE) else {}
        )
        day = {"not_after": DayBound.TODAY} if kind is FieldKind.DAY and self.chance.random() < 0.5 else {}
        return Field(
            name, kind, Text("x"), list="codes" if kind in (FieldKind.CHOICE, FieldKind.CHOICES) else "", scale=scale,
            required=self.condition() or self.chance.random() < 0.3, shown_when=self.condition(), **bounds, **day,
        )  # fmt: skip

    def condition(self) -> Condition | None:
        if self.chance.random() < 0.5:
            return None
        groups = []
        for _ in range(self.chance.randint(1, 2)):
            chosen = self.chance.sample(self.names, self.chance.randint(1, 2))
            groups.append({name: Cell("", self.test(kind)) for name, kind in chosen})
        return Condition(tuple(groups))

    def test(self, kind: FactType) -> Test:
        chance = self.chance
        if chance.random() < 0.3 or kind is FactType.TEXT:
            return chance.choice((Known(wanted=True), Known(wanted=False), ANYTHING))
        if kind is FactType.BOOL:
            return OneOf((chance.random() < 0.5,), negated=chance.random() < 0.3)
        if kind is FactType.CODE:
            return OneOf(tuple(chance.sample(CODES, 2)), negated=chance.random() < 0.5)
        if kind is FactType.CODES:
            return Has(chance.choice(list(HasHow)), tuple(chance.sample(CODES, chance.randint(1, 2))))
        ends = sorted(chance.sample([0, 1, 7, 12, 125, 1234, 2500, 10**6], 2))
        if kind is FactType.DAY:
            ends = [date(2005 + end % 25, 1, 1).toordinal() for end in ends]
        low, high = min(ends), max(ends)
        spans = (Range(low, high), Range(low, None, low_in=False), Range(None, high, high_in=False))
        return Within((chance.choice(spans),), negated=chance.random() < 0.3)

    def typed(self, fields: tuple[Field, ...], prefix: str = "") -> dict[str, list[str]]:
        sent: dict[str, list[str]] = {}
        for field in fields:
            name = prefix + field.id
            if field.fields:
                least = max(field.min_rows, 1 if field.required else 0)  # a page always has so many
                for row in self.chance.sample(range(5), max(least, self.chance.choice((0, 1, 2, 2, 3, 4)))):
                    sent |= {f"{name}-{row}-owner": [""]} | self.typed(field.fields, f"{name}-{row}-")
            elif self.chance.random() < 0.75:
                count = self.chance.randint(1, 3) if field.kind is FieldKind.CHOICES else 1
                good = TYPED[field.kind][:2] if self.chance.random() < 0.4 else TYPED[field.kind]
                sent[name] = [self.chance.choice([*good, ""]) for _ in range(count)]
        return sent


def as_the_server_sees(definition: ProcedureDefinition, sent: dict[str, list[str]]) -> dict[str, Any]:
    form = build_form(definition)(FormData(sent), prefix="answers")
    form.offer_on(TODAY)

    def made(facts: dict[str, Any]) -> dict[str, Any]:
        known = {**facts, "accepted_on": TODAY}
        found: dict[str, Any] = {}
        for spec in definition.facts:
            assert spec.formula is not None
            try:
                value = compute(spec.formula, known, CALENDAR)
            except (OutOfBoundsError, OverflowError):
                continue
            found |= {spec.id: value} if value is not None else {}
        return found

    facts = settle(definition, form, {}, made)
    return {"facts": encoded_facts(facts), "shown": names(form, "shown"), "required": names(form, "required")}


def names(form: Any, wanted: str) -> list[str]:
    """The names of all fields that are shown or required, in rows too where the group itself is shown."""
    chosen = getattr(form, wanted)()
    found = [form[name].name for name in chosen]
    for answer in form.answers:
        for entry in getattr(answer, "entries", ()):
            found += names(entry.form, wanted)
    return sorted(found)


def law_of(definition: ProcedureDefinition) -> Any:
    return form_law(Part("answers", definition.fields, definition.lists), definition, on=TODAY)


@settings(max_examples=300)
@given(SEEDS)
def test_the_page_shows_asks_and_reads_what_the_server_does(script, seed):
    maker = Maker(random.Random(seed))
    definition = maker.definition()
    law = law_of(definition)
    for _ in range(3):
        sent = dict(sorted(maker.typed(definition.fields, "answers-").items()))
        compact = numbered(sent)
        wanted = as_the_server_sees(definition, compact)
        found = script.judged(law, compact)
        assert {name: found[name] for name in wanted} == wanted, compact


def numbered(sent: dict[str, list[str]]) -> dict[str, list[str]]:
    """The same with the rows of the group numbered from 0, as a page names them."""
    start = "answers-rows-"
    rows = sorted({int(name.removeprefix(start).split("-")[0]) for name in sent if name.startswith(start)})
    places = {f"{start}{row}-": f"{start}{place}-" for place, row in enumerate(rows)}

    def renamed(name: str) -> str:
        head = next((head for head in places if name.startswith(head)), "")
        return places[head] + name.removeprefix(head) if head else name

    return {renamed(name): values for name, values in sent.items()}


@settings(max_examples=300)
@given(st.sampled_from(sorted(TYPED)), st.text(max_size=45), st.booleans(), SEEDS)
def test_whatever_is_typed_is_read_alike(script, kind, text, is_usual, seed):
    chance = random.Random(seed)
    typed = chance.choice(TYPED[kind]) if is_usual else text
    if not is_usual and chance.random() < 0.5:  # something near what people type
        usual = chance.choice(TYPED[kind])
        at = chance.randrange(len(usual) + 1)
        typed = usual[:at] + chance.choice([" ", ".", ",", "-", "\u00a0", "0", "đ", "/", "\x1c"]) + usual[at:]
    field = Maker(chance).field("x", kind)
    definition = ProcedureDefinition(
        "1.001",
        Text("x"),
        Text("x"),
        Statutory(),
        lists=LISTS,
        fields=(replace(field, shown_when=None, required=False),),
    )
    sent = {"answers-x": [typed]}
    assert script.judged(law_of(definition), sent)["facts"] == as_the_server_sees(definition, sent)["facts"]
