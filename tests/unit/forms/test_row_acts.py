"""Rows of a group are moved, and taken from a spreadsheet, by buttons that need no script."""

import pytest

from forms.build import build_form
from forms.facts import FormData, read_facts, unexpected_names
from rules.definition.procedure import CodeItem, CodeList, Field, FieldKind, ProcedureDefinition, Statutory
from rules.values import Text

KINDS = CodeList("kinds", (CodeItem("a", Text("Loại một")), CodeItem("b", Text("Loại hai"))))
ROWS = Field(
    "rows", FieldKind.GROUP, Text("Thửa đất"), max_rows=4, min_rows=1,
    fields=(
        Field("name", FieldKind.TEXT, Text("Tên", "Name"), required=True),
        Field("pages", FieldKind.WHOLE_NUMBER, Text("Số trang")),
        Field("kind", FieldKind.CHOICE, Text("Loại"), list="kinds"),
        Field("kinds", FieldKind.CHOICES, Text("Các loại"), list="kinds"),
        Field("new", FieldKind.YES_NO, Text("Mới")),
    ),
)  # fmt: skip
DEFINITION = ProcedureDefinition(
    "1.000001", Text("Thử"), Text("Thử"), Statutory(), lists=(KINDS,), fields=(ROWS,)
)  # fmt: skip


def sent(**values):
    form = build_form(DEFINITION)(FormData({name.replace("__", "-"): [value] for name, value in values.items()}))
    return form, read_facts(DEFINITION, form).get("rows", [])


def names(rows):
    return [row["name"] for row in rows]


@pytest.mark.parametrize(
    ("button", "order"),
    [("1-up", ["B", "A", "C"]), ("1-down", ["A", "C", "B"]), ("0-up", ["A", "B", "C"]), ("7-down", ["A", "B", "C"])],
)
def test_a_row_is_moved_with_all_its_answers_and_nothing_is_held_against_the_form(button, order):
    values = {"rows-0-name": "A", "rows-1-name": "B", "rows-1-pages": "x", "rows-7-name": "C", f"rows-{button}": "1"}
    form, rows = sent(**values)
    assert names(rows) == order
    assert not form.validate()
    assert form.errors == {}
    place = order.index("B")
    assert form["rows"].entries[place].form["pages"]._value() == "x"
    assert unexpected_names(form, [f"rows-{number}-{what}" for number in range(2) for what in ("up", "down")]) == ()


def test_pasted_rows_are_read_by_the_columns_of_the_form_behind_those_already_there():
    sheet = "B\t1.200\tLoại hai\tLoại một; loai hai\tcó\nC\t\tb\t\tKhông\n"
    form, rows = sent(rows__0__name="A", rows__1__name="", rows__paste=sheet, **{"rows-paste-read": "1"})
    assert rows == [
        {"name": "A", "kinds": []},
        {"name": "B", "pages": 1200, "kind": "b", "kinds": ["a", "b"], "new": True},
        {"name": "C", "kind": "b", "kinds": [], "new": False},
    ]
    assert len(form["rows"].entries) == 3
    assert not form.validate()


def test_a_first_row_of_column_names_tells_the_order_of_the_columns():
    _, rows = sent(rows__paste="so trang\tKhác\tTÊN\n3\tbỏ\tA\n", **{"rows-paste-read": "1"})
    assert rows == [{"name": "A", "pages": 3, "kinds": []}]


def test_a_bad_cell_is_told_at_its_place_and_stays_as_it_was_pasted():
    form, _ = sent(rows__paste="A\tba\n=cmd|x\t-5\tLoại chín", **{"rows-paste-read": "1"})
    first, second = (entry.form for entry in form["rows"].entries)
    assert "“Số trang”: nhập một số nguyên" in first["pages"].errors[0]
    assert first["pages"]._value() == "ba"
    assert second["pages"].errors
    assert "hãy chọn một mục trong danh sách" in second["kind"].errors[0]
    assert second["name"].fact == "=cmd|x"


def test_five_hundred_pasted_rows_are_refused_with_a_sentence_and_kept():
    form, rows = sent(rows__paste="".join(f"Hàng {number}\n" for number in range(500)), **{"rows-paste-read": "1"})
    assert "tối đa 4 dòng" in form["rows"].errors[0]
    assert len(form["rows"].entries) == 500
    assert rows == []


def test_text_that_is_not_pasted_by_its_button_adds_nothing():
    _, rows = sent(rows__0__name="A", rows__paste="B")
    assert names(rows) == ["A"]
