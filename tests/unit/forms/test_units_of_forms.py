"""Communes and wards on a form: found without accents, one of the past led to what it became, doubt never guessed."""

from datetime import date

import pytest

from forms.build import build_form
from forms.facts import FormData, read_facts
from forms.units import UnitEntry, UnitRegister
from rules.definition.procedure import Field, FieldKind, ProcedureDefinition, Statutory
from rules.values import Period, Text

MERGED = date(2025, 7, 1)
TODAY = date(2026, 11, 24)
OLD = Period(None, MERGED)
NEW = Period(MERGED, None)
REGISTER = UnitRegister(
    (
        UnitEntry("28249", "Phường Đạo Thạnh", "Đồng Tháp", NEW),
        UnitEntry("28261", "Phường Mỹ Tho", "Đồng Tháp", NEW),
        UnitEntry("30001", "Xã Tân Thành", "Đồng Tháp", NEW),
        UnitEntry("40001", "Xã Tân Thành", "Cà Mau", NEW),
        UnitEntry("1", "Phường 1", "Tiền Giang", OLD, ("28261",)),
        UnitEntry("2", "Phường 2", "Tiền Giang", OLD, ("28261", "28249")),
        UnitEntry("3", "Phường 3", "Tiền Giang", OLD, ("1",)),
        UnitEntry("4", "Phường 4", "Tiền Giang", OLD, ("5",)),
        UnitEntry("5", "Phường 5", "Tiền Giang", OLD, ("4",)),
        UnitEntry("tp", "Thành phố Mỹ Tho cũ", "Tiền Giang", OLD, ("28261",), is_wider=True),
    )
)
DEFINITION = ProcedureDefinition(
    "1.000001", Text("Thử"), Text("Thử"), Statutory(), fields=(Field("home", FieldKind.UNIT, Text("Nơi ở")),)
)


def typed(text, register=REGISTER):
    form = build_form(DEFINITION)(FormData({"home": [text]}))
    if register is not None:
        form.offer_units(register, TODAY)
    return form


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("28249", "28249"),
        ("phuong dao thanh", "28249"),
        ("Phường Đạo Thạnh, Đồng Tháp (28249)", "28249"),
        ("tan thanh ca mau", "40001"),
        ("MỸ THO", "28261"),
        ("Phường 1", "28261"),
        ("Phường 3", "28261"),
    ],
)
def test_a_unit_is_found_by_code_or_name_without_accents_and_followed_through_time(text, code):
    form = typed(text)
    assert form.validate(), form.errors
    assert read_facts(DEFINITION, form) == {"home": code}


def test_who_names_a_unit_of_the_past_is_told_what_it_is_now():
    assert typed("Phường 1").doubts["home"] == ("“Phường 1, Tiền Giang” nay thuộc “Phường Mỹ Tho, Đồng Tháp”.",)
    assert typed("Phường Mỹ Tho").doubts == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Xã Tân Thành", "hãy chọn một: Xã Tân Thành, Đồng Tháp (30001); Xã Tân Thành, Cà Mau (40001)"),
        ("Phường 2", "có 2 đơn vị khớp"),
        ("Phường 4", "không có xã, phường nào tên như vậy"),
        ("Hà Nội", "không có xã, phường nào tên như vậy"),
        ("thanh pho my tho cu", "không còn, hãy chọn xã, phường nay: Phường Mỹ Tho, Đồng Tháp (28261)"),
        ("<script>", "không có xã, phường nào tên như vậy"),
    ],
)  # fmt: skip
def test_what_means_none_or_several_is_refused_with_what_to_choose_from(text, said):
    form = typed(text)
    assert not form.validate()
    assert said in form.errors["home"][0]
    assert read_facts(DEFINITION, form) == {}
    assert "<script>" not in str(form["home"]())


def test_without_a_register_only_a_code_is_taken():
    assert read_facts(DEFINITION, typed("28249", None)) == {"home": "28249"}
    assert not typed("Phường Mỹ Tho", None).validate()
