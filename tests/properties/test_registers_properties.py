"""What must hold for registers of every shape: read back the same, one value a day, a place in or out."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.codec import canonical_json, definition_from, definition_from_json, definition_to_data
from rules.definition.registers import Parameter, ParameterValue
from rules.errors import DefinitionError
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.values import MAX_MONEY, Period, Text
from rules.vocabulary import FactType
from tests.definitions import basis, charge, cut_table, data, fee_table, limit_table, office, row

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
UNITS = ("30169", "30170", "28249")
PLACES = ("one", "two")


@st.composite
def periods(draw: st.DrawFn) -> dict[str, str]:
    """`since` and `until`, each there or not, in order."""
    since, until = sorted(draw(st.tuples(DAYS, DAYS)))
    chosen = {"since": since.isoformat(), "until": (until + timedelta(days=1)).isoformat()}
    return {name: day for name, day in chosen.items() if draw(st.booleans())}


def dated(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda days, rest: {**days, **rest}, periods(), st.fixed_dictionaries(parts))


TERRITORIES = st.fixed_dictionaries(
    {
        name: dated(
            label=st.just(f"Nơi {name}"),
            units=st.lists(
                st.one_of(st.sampled_from(UNITS), dated(unit=st.sampled_from(UNITS))), min_size=1, max_size=3
            ),
        )
        for name in PLACES
    }
)
VALUES = st.lists(
    st.builds(
        lambda days, amount, place: {
            **days,
            "value": amount,
            "basis": basis(),
            **({"territory": place} if place else {}),
        },
        periods(),
        st.integers(0, MAX_MONEY),
        st.sampled_from(("", *PLACES)),
    ),
    min_size=1,
    max_size=4,
)


@st.composite
def sets(draw: st.DrawFn) -> dict[str, Any]:
    """A definition that includes a shared set with parameters, territories and a table."""
    rows = [
        row(f"cut.{number}", {"channel": "online"}, {"percent": percent}, **days, **place)
        for number, (percent, days, place) in enumerate(
            draw(
                st.lists(
                    st.tuples(
                        st.integers(0, 100), periods(), st.sampled_from([{}, *({"territory": name} for name in PLACES)])
                    ),
                    min_size=1,
                    max_size=3,
                )
            )
        )
    ]
    shared = {
        "version": "1",
        "label": "Chung",
        **draw(periods()),
        "territories": draw(TERRITORIES),
        "parameters": {"limit": {"label": "Mức", "type": "money", "values": draw(VALUES)}},
        "tables": [{**cut_table(*rows), "id": "shared_cuts"}],
    }
    return data(
        shared={"set_a": shared},
        include=[{"set": "set_a", "version": "1"}],
        tables=[fee_table(), limit_table()],
        charges=[charge(cuts=[{"table": "shared_cuts", "output": "percent"}])],
        cases=[],
    )


def read_or_none(plain: dict[str, Any]):
    try:
        return definition_from(plain)
    except DefinitionError as refused:
        # The strategy makes overlapping values and empty periods too: those, and nothing else, are refused.
        said = [problem.what for problem in refused.problems]
        if not all("cùng áp dụng" in what or "Khoảng thời gian rỗng" in what for what in said):
            raise
        return None


@given(sets())
def test_a_flattened_definition_reads_back_to_itself(plain):
    read = read_or_none(plain)
    if read is not None:
        assert definition_from(definition_to_data(read)) == read
        assert definition_from_json(canonical_json(read)) == read


@given(sets(), DAYS, st.sampled_from(UNITS))
def test_one_day_and_one_place_have_at_most_one_value_whatever_the_order_of_writing(plain, on, unit):
    read = read_or_none(plain)
    if read is None:
        return
    lists = {each.id: each for each in read.lists}
    held = [place.id for place in read.territories if place.holds(unit, on, lists)]
    parameter = read.parameters[0]
    turned = Parameter(parameter.id, parameter.type, parameter.label, tuple(reversed(parameter.values)))
    assert parameter.value_on(on, held) == turned.value_on(on, held)


@given(st.lists(DAYS, min_size=1, max_size=6, unique=True), DAYS)
def test_a_parameter_keeps_each_value_until_the_next_one_begins(starts, on):
    ordered = sorted(starts)
    ends = [*ordered[1:], None]
    values = tuple(
        ParameterValue(number, Period(since, until))
        for number, (since, until) in enumerate(zip(ordered, ends, strict=True))
    )
    found = Parameter("p", FactType.INT, Text("p"), values).value_on(on, None)
    begun = [number for number, since in enumerate(ordered) if since <= on]
    assert (found.value if found else None) == (begun[-1] if begun else None)


@given(sets(), DAYS, st.sampled_from(UNITS))
def test_the_flattened_form_comes_out_the_same(plain, on, unit):
    read = read_or_none(plain)
    if read is None:
        return
    again = definition_from(definition_to_data(read))
    facts = {"channel": "online", "late": 3, "receiving_unit": unit}
    outcomes = [evaluate(compiled(each), facts, on=on, at=None, office=office()) for each in (read, again)]
    assert outcomes[0].hash == outcomes[1].hash
