"""The new kinds of fields in one form: what they take, refuse, doubt, and what they are on paper and in a sheet."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from forms import validators
from forms.build import build_form
from forms.facts import FormData, read_facts, unexpected_names
from forms.kinds import KINDS, Search, SearchValue, excel_value, masked, reference_rows, search_values
from forms.layout import error_summary, pages, sections
from forms.stages import asked_by_stage
from rules.codec import definition_from, definition_to_data
from rules.definition.fields import Field, FieldKind
from rules.errors import DefinitionError
from rules.values import Text
from rules.vocabulary import Fact, FactType, Source

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "fields.md"
TODAY = date(2026, 11, 24)
CARD = "087090000001|340123456|Nguyễn Văn An|06031990|Nam|Ấp 1, xã Mỹ Hội|25042021"


def definition(*fields, **more):
    named = [{"label": {"vi": each["id"]}, **each} for each in fields]
    return definition_from({"format": 1, "code": "1.000001", "name": {"vi": "Thử"}, "fields": named, **more})


def sent(of, values=None, **known):
    form = build_form(of)(FormData({name: [value] for name, value in (values or {}).items()}) if values else None)
    form.offer_on(TODAY)
    form.known = known
    return form


def test_the_page_of_the_kinds_is_the_table_of_the_program():
    assert set(KINDS) == set(FieldKind)
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert rows == reference_rows()


PERSON = definition(
    {"id": "born", "kind": "day"},
    {"id": "sex", "kind": "choice", "list": "sex"},
    {"id": "number", "kind": "citizen_id", "birth_day": "born", "sex": "sex"},
)


@pytest.mark.parametrize(
    ("born", "sex", "doubts"),
    [
        ("06/03/1990", "male", 0),
        ("06/03/1890", "male", 1),
        ("06/03/1991", "male", 1),
        ("06/03/1990", "female", 1),
        ("06/03/1991", "female", 2),
        ("", "", 0),
    ],
)
def test_a_citizen_number_that_disagrees_is_a_doubt_at_its_field_and_never_a_refusal(born, sex, doubts):
    form = sent(PERSON, {"born": born, "sex": sex, "number": "087090000001"})
    assert form.validate()
    assert len(form.doubts.get("number", ())) == doubts


def test_a_number_can_only_be_held_against_fields_that_stand_beside_it():
    with pytest.raises(DefinitionError, match="Không có trường kiểu day “nobody”"):
        definition({"id": "number", "kind": "citizen_id", "birth_day": "nobody"})
    with pytest.raises(DefinitionError, match="male"):
        definition(
            {"id": "sex", "kind": "choice", "list": "others"},
            {"id": "number", "kind": "citizen_id", "sex": "sex"},
            lists={"others": [{"code": "x", "label": {"vi": "X"}}]},
        )


@pytest.mark.parametrize(
    ("read", "typed", "kept"),
    [
        (validators.old_id, " 340 123 456 ", "340123456"),
        (validators.passport, "c 1234567", "C1234567"),
        (validators.org_code, "h15.50.05.13", "H15.50.05.13"),
        (validators.org_code, "000.00.14.H20", "000.00.14.H20"),
        (validators.dossier_code, "h20.11-261124-0001", "H20.11-261124-0001"),
    ],
)
def test_numbers_are_kept_in_one_form(read, typed, kept):
    assert read(typed) == kept


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        (validators.old_id, "12345678"),
        (validators.old_id, "x" * 10_000_000),
        (validators.passport, "CCCCCCCC"),
        (validators.passport, "<script>"),
        (validators.org_code, "H2"),
        (validators.dossier_code, "../../x"),
    ],
)
def test_what_is_no_such_number_is_refused_with_a_sentence(read, typed):
    with pytest.raises(ValueError, match="hãy"):
        read(typed)


DEFAULTS = definition(
    {"id": "copies", "kind": "whole_number", "default": 2, "max": 9},
    {"id": "area", "kind": "measure", "scale": 2, "default": "1,5"},
    {"id": "on", "kind": "day", "default": "today"},
    {"id": "urgent", "kind": "yes_no", "default": False},
    {"id": "how", "kind": "choice", "list": "ways", "default": "post", "read_only_when": {"channel": "online"}},
    {"id": "also", "kind": "choices", "list": "ways", "default": ["desk"]},
    lists={"ways": [{"code": "post", "label": {"vi": "Bưu chính"}}, {"code": "desk", "label": {"vi": "Tại quầy"}}]},
)


def test_a_form_opens_with_what_stands_there_beforehand_and_what_is_sent_takes_its_place():
    opened = {"copies": 2, "area": 150, "on": TODAY, "urgent": False, "how": "post", "also": ["desk"]}
    assert read_facts(DEFAULTS, sent(DEFAULTS)) == opened
    assert 'value="1,5"' in str(sent(DEFAULTS)["area"]())
    assert read_facts(DEFAULTS, sent(DEFAULTS, {"copies": "", "how": "desk"})) == {"how": "desk", "also": []}


def test_a_default_outside_its_bounds_or_type_is_refused_before_publication():
    with pytest.raises(DefinitionError, match="số nguyên"):
        definition({"id": "copies", "kind": "whole_number", "default": "hai"})


def test_what_is_read_only_keeps_its_value_whatever_is_sent():
    form = sent(DEFAULTS, {"how": "desk"}, channel="online")
    assert read_facts(DEFAULTS, form)["how"] == "post"
    assert form.validate()
    assert form["how"].data == "post"
    form = sent(DEFAULTS, {"how": "forged"}, channel="online")
    form.kept = {"how": "desk"}
    assert form.validate()
    assert read_facts(DEFAULTS, form)["how"] == "desk"


def test_an_added_row_with_nothing_but_what_stood_there_is_no_row_yet():
    rows = definition(
        {"id": "rows", "kind": "group", "fields": [
            {"id": "many", "kind": "whole_number", "default": 1, "label": {"vi": "Số"}},
            {"id": "what", "kind": "text", "required": True, "label": {"vi": "Gì"}},
        ]}
    )  # fmt: skip
    form = sent(rows, {"rows-0-many": "1", "rows-0-what": ""})
    assert form.validate()
    assert read_facts(rows, form) == {"rows": []}


COMPUTED = definition(
    {"id": "pages", "kind": "whole_number"},
    {"id": "total", "kind": "money", "computed": "pages * 2000"},
    {"id": "told", "kind": "note", "label": {"vi": "<script>alert(1)</script>"}},
)


def test_a_computed_value_is_shown_and_what_is_typed_for_it_is_passed_over():
    form = sent(COMPUTED, {"pages": "7", "total": "999"}, total=14000)
    assert form.validate()
    assert read_facts(COMPUTED, form) == {"pages": 7}
    assert ">14.000</output>" in str(form["total"]())
    assert COMPUTED.vocabulary["total"].source is Source.COMPUTED


def test_a_note_is_a_text_and_its_markup_stays_text():
    form = sent(COMPUTED, {"pages": "7", "told": "x"})
    assert "<script>" not in str(form["told"]())
    assert "told" not in read_facts(COMPUTED, form)


FINDING = definition(
    {"id": "seen", "kind": "finding", "list": "flaws"},
    lists={"flaws": [{"code": "none", "label": {"vi": "Không"}}, {"code": "erased", "label": {"vi": "Tẩy"}}]},
)  # fmt: skip


def finding(*ticked):
    form = build_form(FINDING)(FormData({"seen": list(ticked), "sent": ["1"]}))
    return form, form.validate()


def test_a_finding_is_unknown_until_something_is_ticked_and_nothing_found_stands_alone():
    assert read_facts(FINDING, finding()[0]) == {}
    assert read_facts(FINDING, finding("none")[0]) == {"seen": ["none"]}
    form, good = finding("none", "erased")
    assert not good
    assert "bỏ chọn các mục khác" in form.errors["seen"][0]
    assert read_facts(FINDING, form) == {}
    assert finding("erased")[1]
    with pytest.raises(DefinitionError, match="mã none"):
        definition({"id": "seen", "kind": "finding", "list": "l"}, lists={"l": [{"code": "a", "label": {"vi": "A"}}]})


BLOCKS = definition(
    {"id": "a", "kind": "text", "page": {"vi": "Trang 1"}},
    {"id": "owner", "kind": "party", "label": {"vi": "Chủ hộ", "en": "Head"}, "required": True, "mask": True,
     "page": {"vi": "Trang 2"}, "section": {"vi": "Người"}},
    {"id": "home", "kind": "address", "stage": "reception"},
    {"id": "firm", "kind": "organisation", "parts": ["name"], "shown_when": {"channel": "post"}},
    {"id": "judged", "kind": "yes_no", "stage": "appraisal"},
    {"id": "people", "kind": "group", "fields": [
        {"id": "one", "kind": "party", "label": {"vi": "Thành viên"}, "parts": ["name", "citizen_id"]}]},
)  # fmt: skip


def test_a_block_is_its_parts_for_everybody_but_the_page_and_is_written_as_it_was_stated():
    ids = [field.id for field in BLOCKS.fields]
    assert ids[1:8] == [
        f"owner_{part}" for part in ("name", "citizen_id", "birth_day", "sex", "nationality", "address", "phone")
    ]
    assert [field.required for field in BLOCKS.fields[1:8]] == [True, True, *[False] * 5]
    assert str(BLOCKS.fields[2].label) == "Số định danh cá nhân của chủ hộ"
    assert {"home_unit", "home_line", "firm_name"} <= set(ids)
    assert [member.id for member in BLOCKS.vocabulary["people"].members] == ["one_name", "one_citizen_id"]
    data = definition_to_data(BLOCKS)
    assert [each["kind"] for each in data["fields"]] == ["text", "party", "address", "organisation", "yes_no", "group"]
    assert definition_from(data) == BLOCKS


def test_officers_see_one_page_with_blocks_together_and_citizens_their_own_pages():
    shown = frozenset(field.id for field in BLOCKS.fields)
    assert [piece.block.label.vi for section in sections(BLOCKS, shown) for piece in section.pieces if piece.block] == [
        "Chủ hộ", "home", "firm",
    ]  # fmt: skip
    found = pages(BLOCKS, shown)
    assert [page.title.vi for page in found] == ["Trang 1", "Trang 2"]
    assert "home_unit" not in {name for page in found for section in page.sections for name, _ in section.fields}


def test_what_is_filled_in_at_appraisal_is_not_asked_before():
    now, later = asked_by_stage(BLOCKS)
    assert "judged" not in {field.id for field in now}
    assert [(spec.id, spec.stage) for spec in later] == [("judged", "appraisal")]


@pytest.mark.parametrize("prefix", ["", "people-0-"])
def test_a_card_fills_the_party_it_is_read_into_and_one_that_cannot_be_read_is_only_told(prefix):
    block = "one" if prefix else "owner"
    values = {f"{prefix}{block}_card": CARD, f"{prefix}{block}_name": "Sai"}
    form = sent(BLOCKS, values)
    row = form["people"].entries[0].form if prefix else form
    assert row[f"{block}_name"].fact == "Nguyễn Văn An"
    assert row[f"{block}_citizen_id"].fact == "087090000001"
    assert unexpected_names(form, list(values)) == ()
    form = sent(
        BLOCKS, {f"{prefix}{block}_card": "không phải thẻ", "owner_name": "An", "owner_citizen_id": "087090000001"}
    )
    row = form["people"].entries[0].form if prefix else form
    assert "không đọc được mã QR" in row.doubts[f"{block}_name"][0]


def test_every_bad_answer_is_told_at_its_field_and_forged_names_are_found():
    form = sent(
        BLOCKS, {"owner_name": "x" * 10_000_000, "owner_birth_day": "31/02/2000", "home_unit": "x y", "forged": "1"}
    )
    assert not form.validate()
    told = {line.target for line in error_summary(form)}
    assert {"owner_name", "owner_citizen_id", "owner_birth_day", "home_unit"} <= told
    assert unexpected_names(form, ["owner_name", "forged"]) == ("forged",)


NUMBER = "087090000001"
SCALED = Field("area", FieldKind.MEASURE, Text("Diện tích"), scale=2)


@pytest.mark.parametrize(
    ("field", "value", "cell", "found"),
    [
        (Field("n", FieldKind.CITIZEN_ID, Text("Số")), NUMBER, NUMBER, [SearchValue(NUMBER, NUMBER)]),
        (Field("t", FieldKind.TEXT, Text("Chữ")), "=1|Đăng", "=1|Đăng", [SearchValue("=1|dang", "=1|Đăng")]),
        (SCALED, 12050, Decimal("120.50"), [SearchValue(number=12050)]),
        (Field("m", FieldKind.MONEY, Text("Tiền")), 5000, 5000, [SearchValue(number=5000)]),
        (Field("b", FieldKind.YES_NO, Text("Có")), True, "có", [SearchValue(exact="true")]),
        (Field("d", FieldKind.DAY, Text("Ngày")), TODAY, TODAY, [SearchValue(exact="24/11/2026", day=TODAY)]),
        (Field("g", FieldKind.GROUP, Text("Nhóm")), [{}], None, []),
    ],
)  # fmt: skip
def test_an_answer_keeps_its_kind_in_a_cell_and_in_a_search(field, value, cell, found):
    fact = Fact("x", FactType.TEXT if isinstance(value, str) else FactType.BOOL, Text("X"), Source.FORM)
    assert excel_value(field, fact, value) == cell
    assert list(search_values(field, value)) == found
    assert (KINDS[field.kind].search is Search.NONE) == (not found)


def test_a_moment_is_a_legal_one_and_codes_are_said_by_their_labels():
    at = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    field = Field("at", FieldKind.MOMENT, Text("Lúc"))
    fact = Fact("at", FactType.MOMENT, Text("Lúc"), Source.FORM)
    assert excel_value(field, fact, at) == datetime(2026, 11, 25, 3, 0)  # noqa: DTZ001  a cell knows no zone
    assert search_values(field, at)[0].day == date(2026, 11, 25)
    codes = Fact("c", FactType.CODES, Text("C"), Source.FORM, {"a": Text("Một"), "b": Text("Hai")})
    assert excel_value(Field("c", FieldKind.CHOICES, Text("C")), codes, ["a", "b"]) == "Một; Hai"


def test_a_masked_answer_shows_its_end_and_a_short_one_nothing():
    assert masked("087090000001") == "•••••••••001"
    assert masked("An") == "••"
