"""For every definition and every good answer: definition -> form -> facts -> form gives the same facts."""

import unicodedata
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from forms import conditions
from forms.build import build_form
from forms.facts import FormData, form_data, read_facts
from forms.kinds import as_text, excel_value, masked, search_values
from rules.definition.procedure import CodeItem, CodeList, Field, FieldKind, ProcedureDefinition, Statutory
from rules.table.cells import Cell, OneOf
from rules.table.decision import Condition
from rules.values import MAX_MONEY, MAX_WHOLE, Text

SCALE = 3
CODES = ("a", "b", "c_1", "yes.no", "none")
LISTS = (CodeList("codes", tuple(CodeItem(code, Text(code)) for code in CODES)),)
PLAIN = [kind for kind in FieldKind if kind not in (FieldKind.GROUP, FieldKind.NOTE)]
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
HOLDS = Condition(({"yes_no": Cell("true", OneOf((True,)))},))


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


LINES = st.text(LETTERS, min_size=1, max_size=60).map(lambda text: " ".join(composed(text).split())).filter(bool)
TEXTS = st.lists(LINES, min_size=1, max_size=3).map("\n".join)
ANSWERS = {
    FieldKind.TEXT: LINES,
    FieldKind.LONG_TEXT: TEXTS,
    FieldKind.WHOLE_NUMBER: st.integers(0, MAX_WHOLE - 1),
    FieldKind.MONEY: st.integers(0, MAX_MONEY),
    FieldKind.YES_NO: st.booleans(),
    FieldKind.DAY: st.dates(date(1800, 1, 1), date(2200, 12, 31)),
    FieldKind.MOMENT: st.integers(-30_000_000, 100_000_000).map(
        lambda minutes: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    FieldKind.MEASURE: st.integers(0, MAX_WHOLE - 1),
    FieldKind.CHOICE: st.sampled_from(CODES),
    FieldKind.CHOICES: st.lists(st.sampled_from(CODES), unique=True).map(sorted),
    FieldKind.CITIZEN_ID: st.from_regex(r"[0-9]{12}", fullmatch=True).filter(str.isascii),
    FieldKind.OLD_ID: st.from_regex(r"[0-9]{9}", fullmatch=True).filter(str.isascii),
    FieldKind.PASSPORT: st.from_regex(r"[A-Z][0-9]{7}", fullmatch=True).filter(str.isascii),
    FieldKind.ORG_CODE: st.sampled_from(("H20", "H20.11", "H15.50.05.13", "000.00.14.H20")),
    FieldKind.DOSSIER: st.sampled_from(("H20.11-261124-0001", "000.00.14.H20-200703-0002")),
    FieldKind.RESULT: LINES,
    FieldKind.UNIT: st.sampled_from(("28249", "xa_moi", "H20.5")),
    FieldKind.FINDING: st.lists(st.sampled_from(CODES[:-1]), unique=True, min_size=1).map(sorted) | st.just(["none"]),
    FieldKind.TAX_CODE: st.sampled_from(("1400999003", "1400999010-001", "8200999009-999")),
    FieldKind.PHONE: st.from_regex(r"0[35789][0-9]{8}|02[0-9]{8,9}", fullmatch=True).filter(str.isascii),
    FieldKind.EMAIL: st.from_regex(r"[a-z]{1,9}@[a-z]{1,9}\.vn", fullmatch=True),
}


def default_of(draw, kind):
    """What may stand in a field beforehand; None for most."""
    value = draw(st.none() | ANSWERS[kind])
    return tuple(value) if isinstance(value, list) else value


@st.composite
def plain_fields(draw, least=0):
    kinds = draw(st.lists(st.sampled_from(PLAIN), min_size=least, max_size=7, unique=True))
    return tuple(
        Field(
            kind.value,
            kind,
            Text(draw(LINES)),
            required=draw(st.booleans()),
            shown_when=HOLDS if kind is not FieldKind.YES_NO and draw(st.booleans()) else None,
            list="codes",
            scale=SCALE if kind is FieldKind.MEASURE else 0,
            default=default_of(draw, kind),
        )
        for kind in kinds
    )


@st.composite
def definitions(draw):
    fields = list(draw(plain_fields()))
    if draw(st.booleans()):
        members = draw(plain_fields(least=1))
        fields.append(
            Field("rows", FieldKind.GROUP, Text("Nhóm"), required=draw(st.booleans()), max_rows=4, fields=members)
        )
    return ProcedureDefinition(
        "1.001",
        Text("Thủ tục"),
        Text("Lĩnh vực"),
        Statutory(),
        lists=LISTS,
        fields=tuple(draw(st.permutations(fields))),
    )


def filled(draw, fields, around):
    """Good answers to the fields that are shown, as facts."""
    facts = {}
    for field in sorted(fields, key=lambda field: field.kind is not FieldKind.YES_NO):
        hidden = field.shown_when is not None and not field.shown_when.holds({**around, **facts})
        always = field.required or field.kind is FieldKind.CHOICES
        if hidden or (not always and draw(st.booleans())):
            continue
        answer = draw(ANSWERS[field.kind])
        facts[field.id] = (answer or ["a"]) if field.kind is FieldKind.CHOICES and field.required else answer
    return facts


@st.composite
def definitions_with_facts(draw):
    definition = draw(definitions())
    facts = filled(draw, [field for field in definition.fields if not field.fields], {})
    for group in definition.fields:
        if group.fields:
            rows = [filled(draw, group.fields, facts) for _ in range(draw(st.integers(1, group.max_rows)))]
            rows = [row for row in rows if any(value != [] for value in row.values())]
            facts[group.id] = rows
    return definition, facts


@given(definitions_with_facts())
def test_facts_survive_the_form_and_every_good_answer_is_accepted(case):
    definition, facts = case
    data = form_data(definition, facts)
    form = build_form(definition)(data)
    assert read_facts(definition, form) == facts
    groups_filled = all(facts[field.id] or not field.required for field in definition.fields if field.fields)
    assert form.validate() == groups_filled, form.errors


@given(definitions_with_facts())
def test_what_is_written_again_is_what_was_written(case):
    definition, facts = case
    data = form_data(definition, facts)
    again = form_data(definition, read_facts(definition, build_form(definition)(data)))
    assert {name: again.getlist(name) for name in again} == {name: data.getlist(name) for name in data}


@given(definition=definitions(), typed=st.dictionaries(st.text(max_size=12), st.text(max_size=30), max_size=8))
def test_whatever_is_sent_a_form_answers_and_never_breaks(definition, typed):
    ids = [field.id for field in definition.fields] or ["x"]
    values = {**typed, **dict(zip(ids, typed.values(), strict=False))}
    form = build_form(definition)(FormData({name: [value] for name, value in values.items()}))
    facts = read_facts(definition, form)
    assert set(facts) <= conditions.shown(definition, facts)
    if not form.validate():
        assert form.errors or form.row_button_pressed


@given(definition=definitions(), facts=st.dictionaries(st.sampled_from(list(FieldKind)), st.booleans()))
def test_shown_fields_do_not_depend_on_the_order_of_the_definition(definition, facts):
    known = {kind.value: value for kind, value in facts.items()}
    turned = definition.fields[::-1]
    assert conditions.shown_fields(turned, known) == conditions.shown_fields(definition.fields, known)


@given(definitions())
def test_what_stands_in_a_form_beforehand_is_what_would_be_sent_for_it(definition):
    opened = build_form(definition)()
    facts = {name: value for name, value in read_facts(definition, opened).items() if name != "rows"}
    again = build_form(definition)(form_data(definition, {**facts, "rows": []}))
    assert {name: value for name, value in read_facts(definition, again).items() if value != []} == {
        name: value for name, value in facts.items() if value != []
    }


@given(definitions_with_facts())
def test_what_is_written_of_every_answer_beyond_the_form_never_breaks(case):
    definition, facts = case
    vocabulary = definition.vocabulary
    for field in definition.fields:
        value = facts.get(field.id)
        cell = excel_value(field, vocabulary[field.id], value)
        assert (cell is None) == (value is None or bool(field.fields))
        found = search_values(field, value)
        assert bool(found) == (value not in (None, []) and not field.fields)
        assert masked(as_text(vocabulary[field.id], value).vi).count("•") >= (value is not None)
