"""A form built from a definition: what it asks, shows, refuses and keeps."""

from dataclasses import replace
from datetime import date

import flask
import flask_wtf
import pytest
import wtforms

from forms import conditions, layout, registry
from forms.applicant import (
    Applicant,
    applicant_data,
    applicant_facts,
    build_applicant_form,
    read_applicant,
)
from forms.build import build_form, form_class
from forms.facts import FormData, form_data, read_facts, unexpected_names
from rules.codec import definition_from
from rules.definition.procedure import CodeItem, CodeList, DayBound, Field, FieldKind, ProcedureDefinition, Statutory
from rules.table.cells import Cell, Known, OneOf, Range, Within
from rules.table.decision import Condition
from rules.values import Period, Text


def when(**cells) -> Condition:
    tests = {True: OneOf((True,)), False: OneOf((False,))}
    return Condition(
        ({name: Cell("", tests.get(cell, cell) if isinstance(cell, bool) else cell) for name, cell in cells.items()},)
    )


def field(name: str, kind: FieldKind, **more) -> Field:
    return Field(name, kind, Text(more.pop("label", name)), **more)


PURPOSES = CodeList("purpose", (CodeItem("study", Text("Học tập")), CodeItem("work", Text("Việc làm"))))


def defined(*fields: Field) -> ProcedureDefinition:
    return ProcedureDefinition(
        "2.000815", Text("Chứng thực"), Text("Chứng thực"), Statutory(), lists=(PURPOSES,), fields=fields
    )


ORIGINALS = field(
    "originals",
    FieldKind.GROUP,
    label="Bản chính",
    required=True,
    min_rows=1,
    max_rows=3,
    fields=(
        field("title", FieldKind.TEXT, label="Tên bản chính"),
        field("pages", FieldKind.WHOLE_NUMBER, label="Số trang", required=True, min=1, max=5000),
    ),
)
EVERY_KIND = defined(
    field("name", FieldKind.TEXT, label="Họ và tên", required=True, section=Text("Người yêu cầu")),
    field("story", FieldKind.LONG_TEXT),
    field("copies", FieldKind.WHOLE_NUMBER, min=1, max=100),
    field("income", FieldKind.MONEY),
    field("abroad", FieldKind.YES_NO, label="Ở nước ngoài"),
    field("born", FieldKind.DAY),
    field("purpose", FieldKind.CHOICE, label="Mục đích", list="purpose", section=Text("Mục đích")),
    field("reasons", FieldKind.CHOICES, list="purpose"),
    field("number", FieldKind.CITIZEN_ID),
    field("phone", FieldKind.PHONE),
    field("mail", FieldKind.EMAIL),
    ORIGINALS,
)
GOOD = {
    "name": "Nguyễn Văn An",
    "story": "Một dòng\nhai dòng",
    "copies": 12,
    "income": 1234567,
    "abroad": False,
    "born": date(1990, 3, 6),
    "purpose": "study",
    "reasons": ["study", "work"],
    "number": "087090000001",
    "phone": "0912345678",
    "mail": "an@vidu.vn",
    "originals": [{"title": "Bằng tốt nghiệp", "pages": 1234}, {"pages": 2}],
}


def form_of(definition, values: dict[str, str] | None = None):
    data = FormData({name: [value] for name, value in values.items()}) if values is not None else None
    return build_form(definition)(data)


def test_every_kind_of_field_of_the_contract_can_be_made():
    assert registry.kinds() == frozenset(FieldKind)


def test_the_same_kind_cannot_be_entered_twice():
    with pytest.raises(ValueError, match="two makers"):
        registry.makes(FieldKind.TEXT)(lambda spec, making: None)


def test_facts_become_a_form_and_the_form_the_same_facts():
    form = build_form(EVERY_KIND)(form_data(EVERY_KIND, GOOD))
    assert form.validate(), form.errors
    assert read_facts(EVERY_KIND, form) == GOOD
    assert form["income"]._value() == "1.234.567"
    assert form["born"]._value() == "06/03/1990"


def test_every_kind_of_field_can_be_drawn_and_a_hostile_label_stays_text():
    hostile = defined(
        field("name", FieldKind.TEXT, label="<script>alert(1)</script>"),
        field("purpose", FieldKind.CHOICE, list="purpose", label='"><img src=x>'),
    )
    for definition in (EVERY_KIND, hostile):
        form = build_form(definition)(form_data(definition, GOOD))
        drawn = "".join(f"{answer.label}{answer()}" for answer in form.answers)
        assert "<script>" not in drawn
        assert "<img" not in drawn
    assert 'value="1.234.567"' in str(build_form(EVERY_KIND)(form_data(EVERY_KIND, GOOD))["income"]())


def test_an_empty_form_holds_no_facts_and_shows_its_rows():
    form = form_of(EVERY_KIND)
    assert read_facts(EVERY_KIND, form) == {}
    assert len(form["originals"].entries) == 1


def test_what_is_missing_is_asked_for_in_vietnamese_at_its_field():
    form = form_of(EVERY_KIND, {"name": "  "})
    assert not form.validate()
    assert [line.sentence for line in layout.error_summary(form)] == [
        "Hãy nhập “Họ và tên”.",
        "Dòng 1: Hãy nhập “Số trang”.",
    ]
    assert [line.target for line in layout.error_summary(form)] == ["name", "originals-0-pages"]


def test_the_summary_leads_to_something_that_takes_the_focus():
    needed = [
        field(kind.value, kind, required=True, list="purpose")
        for kind in FieldKind
        if kind not in (FieldKind.GROUP, FieldKind.NOTE)
    ]
    form = form_of(defined(*needed), {"other": ""})
    assert not form.validate()
    drawn = "".join(str(answer()) for answer in form.answers)
    targets = [line.target for line in layout.error_summary(form)]
    assert len(targets) == len(needed)
    assert [target for target in targets if f'id="{target}"' not in drawn] == []
    assert {"yes_no-0", "choices-0"} <= set(targets)


def test_a_broken_character_is_refused_and_never_sent_back():
    form = form_of(defined(field("name", FieldKind.TEXT)), {"name": "a\ud800b"})
    assert not form.validate()
    assert str(form["name"]()).encode()


def test_what_cannot_be_read_is_refused_and_shown_again_as_it_was_typed():
    form = form_of(defined(field("born", FieldKind.DAY, label="Ngày sinh", required=True)), {"born": "31/02/2024"})
    assert not form.validate()
    assert form.errors == {"born": ["“Ngày sinh”: không có ngày 31/02/2024, tháng 2 năm 2024 có 29 ngày."]}
    assert form["born"]._value() == "31/02/2024"
    assert read_facts(EVERY_KIND, form_of(EVERY_KIND, {"born": "31/02/2024", "copies": "-1"})) == {
        "reasons": [],
    }


def test_ten_megabytes_of_text_are_refused_and_not_sent_back_whole():
    form = form_of(defined(field("name", FieldKind.TEXT)), {"name": "x" * 10_000_000})
    assert not form.validate()
    assert "tối đa 500 ký tự" in form.errors["name"][0]
    assert len(str(form["name"]())) < 30_000


@pytest.mark.parametrize("kind", [FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.YES_NO])
def test_a_forged_choice_is_refused(kind):
    definition = defined(field("purpose", kind, label="Mục đích", list="purpose"))
    form = form_of(definition, {"purpose": "forged"})
    assert not form.validate()
    assert "trong danh sách" in form.errors["purpose"][0]
    assert "purpose" not in read_facts(definition, form)


def test_a_value_that_is_no_text_is_refused():
    class Json(dict):
        def getlist(self, name):
            return [self[name]]

    form = build_form(defined(field("name", FieldKind.TEXT)))(Json(name=5))
    assert not form.validate()
    assert "không phải là chữ" in form.errors["name"][0]


def test_a_submitted_form_with_nothing_ticked_says_none_of_them():
    definition = defined(field("name", FieldKind.TEXT), field("reasons", FieldKind.CHOICES, list="purpose"))
    assert read_facts(definition, form_of(definition, {"name": "An"})) == {"name": "An", "reasons": []}


def test_a_field_may_be_called_like_anything_of_the_form_library():
    names = [
        "data",
        "errors",
        "validate",
        "process",
        "meta",
        "populate_obj",
        "known",
        "blank",
        "specs",
        "csrf_token",
        "validate_data",
    ]
    definition = defined(*(field(name, FieldKind.TEXT, required=True) for name in names))
    facts = dict.fromkeys(names, "giá trị")
    form = build_form(definition)(form_data(definition, facts))
    assert form.validate()
    assert read_facts(definition, form) == facts


CONDITIONAL = defined(
    field("married", FieldKind.YES_NO),
    field("spouse", FieldKind.TEXT, label="Vợ hoặc chồng", required=True, shown_when=when(married=True)),
    field("spouse_phone", FieldKind.PHONE, label="Số điện thoại", shown_when=when(spouse=Known(wanted=True))),
    field("reason", FieldKind.TEXT, label="Lý do", required=when(channel=OneOf(("online",)))),
)


def test_a_field_not_shown_is_neither_checked_nor_read():
    form = form_of(CONDITIONAL, {"married": "false", "spouse": "Lan", "spouse_phone": "bậy"})
    assert form.validate(), form.errors
    assert read_facts(CONDITIONAL, form) == {"married": False}


def test_a_shown_field_is_checked():
    form = form_of(CONDITIONAL, {"married": "true", "spouse_phone": "bậy"})
    assert not form.validate()
    assert form.errors == {"spouse": ["Hãy nhập “Vợ hoặc chồng”."]}


def test_an_answer_may_be_required_by_a_fact_that_is_not_on_the_form():
    form = form_of(CONDITIONAL, {"married": "false"})
    form.known = {"channel": "online"}
    assert not form.validate()
    assert form.errors == {"reason": ["Hãy nhập “Lý do”."]}
    assert form.required() == {"reason"}
    form.known = {"channel": "counter"}
    assert form.validate()
    assert form.errors == {}


def test_the_errors_of_a_field_go_when_it_is_no_longer_shown():
    asked = when(channel=OneOf(("online",)))
    rows = Field("rows", FieldKind.GROUP, Text("Nhóm"), shown_when=asked, fields=(field("n", FieldKind.WHOLE_NUMBER),))
    form = form_of(defined(field("born", FieldKind.DAY, shown_when=asked), rows), {"born": "x", "rows-0-n": "y"})
    form.known = {"channel": "online"}
    assert not form.validate()
    assert set(form.errors) == {"born", "rows"}
    form.known = {"channel": "counter"}
    assert form.validate()
    assert form.errors == {}
    assert layout.error_summary(form) == ()


def test_what_hangs_on_a_hidden_field_is_hidden_too():
    facts = {"married": False, "spouse": "Lan"}
    assert conditions.shown(CONDITIONAL, facts) == {"married", "reason"}
    assert conditions.shown(CONDITIONAL, {**facts, "married": True}) == {"married", "spouse", "spouse_phone", "reason"}


def test_fields_that_wait_for_each_other_are_both_hidden():
    loop = defined(
        field("a", FieldKind.TEXT, shown_when=when(b=Known(wanted=True))),
        field("b", FieldKind.TEXT, shown_when=when(a=Known(wanted=True))),
    )
    assert conditions.shown(loop, {"a": "x", "b": "y"}) == frozenset()


ROW_CONDITION = defined(
    field("abroad", FieldKind.YES_NO),
    field(
        "people",
        FieldKind.GROUP,
        fields=(
            field("age", FieldKind.WHOLE_NUMBER, required=True),
            field(
                "guardian",
                FieldKind.TEXT,
                label="Người giám hộ",
                required=True,
                shown_when=when(age=Within((Range(high=17),))),
            ),
            field("passport", FieldKind.TEXT, label="Hộ chiếu", required=True, shown_when=when(abroad=True)),
        ),
    ),
)


def test_conditions_in_a_row_see_their_own_row_and_the_whole_form():
    form = form_of(
        ROW_CONDITION,
        {
            "abroad": "true",
            "people-0-age": "10",
            "people-1-age": "30",
            "people-1-guardian": "x",
            "people-1-passport": "B1",
        },
    )
    assert not form.validate()
    assert [line.sentence for line in layout.error_summary(form)] == [
        "Dòng 1: Hãy nhập “Người giám hộ”.",
        "Dòng 1: Hãy nhập “Hộ chiếu”.",
    ]
    assert read_facts(ROW_CONDITION, form)["people"][1] == {"age": 30, "passport": "B1"}


ROWS = defined(ORIGINALS)


def typed_rows(*pages: str, **buttons: str) -> dict[str, str]:
    return {f"originals-{row}-pages": value for row, value in enumerate(pages)} | buttons


def shown_pages(form) -> list[str]:
    return [entry.form["pages"]._value() for entry in form["originals"].entries]


def test_a_row_is_added_by_a_submit_button_and_every_answer_is_kept():
    form = form_of(ROWS, typed_rows("5", "x", **{"originals-add": ""}))
    assert form.row_button_pressed
    assert not form.validate()
    assert form.errors == {}
    assert shown_pages(form) == ["5", "x", ""]
    assert form["originals"].entries[2].form["pages"].name == "originals-2-pages"


def test_a_row_is_removed_by_a_submit_button_and_the_others_close_up():
    form = form_of(ROWS, typed_rows("5", "6", "7", **{"originals-1-remove": ""}))
    assert not form.validate()
    assert shown_pages(form) == ["5", "7"]
    assert [entry.form["pages"].name for entry in form["originals"].entries] == [
        "originals-0-pages",
        "originals-1-pages",
    ]


def test_the_last_needed_row_comes_back_empty_when_it_is_removed():
    assert shown_pages(form_of(ROWS, typed_rows("5", **{"originals-0-remove": ""}))) == [""]


def test_no_row_is_added_beyond_the_maximum():
    form = form_of(ROWS, typed_rows("5", "6", "7", **{"originals-add": ""}))
    assert shown_pages(form) == ["5", "6", "7"]
    assert form.errors == {"originals": ["“Bản chính”: tối đa 3 dòng, hãy bỏ bớt hoặc tách hồ sơ."]}


def test_five_hundred_rows_are_refused_with_a_sentence_and_the_answers_are_kept():
    form = form_of(ROWS, typed_rows(*["5"] * 500))
    assert not form.validate()
    assert form.errors["originals"] == ["“Bản chính”: tối đa 3 dòng, hãy bỏ bớt hoặc tách hồ sơ."]
    assert len(form["originals"].entries) == 500
    assert "originals" not in read_facts(ROWS, form)
    assert len(form_of(ROWS, typed_rows(*["5"] * 600))["originals"].entries) == 500


def test_empty_rows_are_left_out_and_missing_rows_asked_for():
    form = form_of(ROWS, typed_rows("", "4", ""))
    assert form.validate(), form.errors
    assert read_facts(ROWS, form) == {"originals": [{"pages": 4}]}
    two = defined(
        field("people", FieldKind.GROUP, label="Người", min_rows=2, fields=(field("age", FieldKind.WHOLE_NUMBER),))
    )
    form = form_of(two, {"people-0-age": "5"})
    assert not form.validate()
    assert form.errors["people"] == ["“Người”: hãy thêm ít nhất 2 dòng."]


def test_a_group_that_needs_a_row_and_has_none_yet_is_unknown_and_not_empty():
    needed = defined(
        field("people", FieldKind.GROUP, label="Người", min_rows=1, fields=(field("age", FieldKind.WHOLE_NUMBER),))
    )
    optional = defined(field("people", FieldKind.GROUP, label="Người", fields=(field("age", FieldKind.WHOLE_NUMBER),)))
    assert "people" not in read_facts(needed, form_of(needed, {"people-0-age": ""}))
    assert read_facts(optional, form_of(optional, {"people-0-age": ""})) == {"people": []}


@pytest.mark.parametrize(
    "name", ["originals-²-pages", "originals--1-pages", "originals-99999999999999-pages", "originals-x", "originals-"]
)
def test_a_forged_row_number_makes_no_row(name):
    assert len(form_of(ROWS, {name: "1", "originals-0-pages": "2"})["originals"].entries) == 1


def test_names_the_form_does_not_have_are_found():
    names = [
        "name",
        "originals-0-pages",
        "originals-add",
        "originals-0-remove",
        "forged",
        "originals-0-forged",
        "originals-7-remove",
    ]
    form = form_of(EVERY_KIND, {"name": "An", "originals-0-pages": "1"})
    assert unexpected_names(form, names) == ("forged", "originals-0-forged", "originals-7-remove")


def test_the_layout_opens_a_section_where_the_definition_says_so():
    found = layout.sections(EVERY_KIND, frozenset({"name", "purpose"}))
    assert [section.title.vi for section in found] == ["Người yêu cầu", "Mục đích"]
    assert found[0].fields[:2] == (("name", True), ("story", False))
    assert found[1].shown
    assert not layout.sections(defined(field("x", FieldKind.TEXT)), frozenset())[0].shown


def test_the_messages_of_the_form_library_itself_are_vietnamese():
    class Plain(wtforms.Form):
        own = wtforms.IntegerField(validators=[wtforms.validators.InputRequired()])

    form = build_form(defined(), Plain)(FormData({"own": ["x"]}))
    assert not form.validate()
    assert form.errors == {"own": ["Hãy nhập một số nguyên, ví dụ 12."]}


def test_a_definition_as_an_administrator_writes_it_becomes_a_form():
    definition = definition_from(
        {
            "format": 1,
            "code": "1.004873",
            "name": "Xác nhận tình trạng hôn nhân",
            "field_of_work": "Hộ tịch",
            "lists": {"purpose": [{"code": "marry", "label": "Kết hôn"}, {"code": "other", "label": "Mục đích khác"}]},
            "fields": [
                {"id": "purpose", "kind": "choice", "list": "purpose", "label": "Mục đích", "required": True},
                {
                    "id": "partner",
                    "kind": "text",
                    "label": "Người dự định kết hôn",
                    "shown_when": {"purpose": "marry"},
                    "required": {"when": {"channel": '"online"'}},
                },
            ],
        }
    )
    form = build_form(definition)(FormData({"purpose": ["marry"]}))
    form.known = {"channel": "online"}
    assert not form.validate()
    assert form.errors == {"partner": ["Hãy nhập “Người dự định kết hôn”."]}
    assert form_of(definition, {"purpose": "other", "partner": "Lan"}).validate()


def test_over_flasks_own_form_the_protection_stays_and_speaks_vietnamese():
    server = flask.Flask("test")
    server.secret_key = "not secret"
    made = build_form(defined(field("name", FieldKind.TEXT)), flask_wtf.FlaskForm)
    with server.test_request_context(method="POST", data={"name": "An"}):
        form = made()
        assert not form.validate_on_submit()
        assert form.errors == {"csrf_token": ["Trang thiếu mã bảo vệ: hãy tải lại trang rồi gửi lại."]}
        assert form["csrf_token"].name == "csrf_token"
        assert [answer.name for answer in form.answers] == ["name"]
    server.config["WTF_CSRF_ENABLED"] = False
    with server.test_request_context(method="POST", data={"name": "An"}):
        assert made().validate_on_submit()


TODAY = date(2026, 11, 20)
PERSON = Applicant(
    full_name="Nguyễn Thị Bé",
    citizen_id="087190000001",
    birth_day=date(1990, 5, 1),
    phone="0912345678",
    address="12 Nguyễn Huệ, phường Cao Lãnh, tỉnh Đồng Tháp",
    applicant_kind="individual",
    digital_citizen=True,
)


def test_the_applicant_block_reads_back_the_person():
    form = build_applicant_form()(applicant_data(PERSON, "applicant"), prefix="applicant")
    form.offer_on(TODAY)
    assert form.validate(), form.errors
    assert read_applicant(form) == PERSON
    assert PERSON.facts == applicant_facts(form) == {"applicant_kind": "individual", "digital_citizen": True}
    assert PERSON.doubts == ()
    assert form["phone"].id == "applicant-phone"


def test_the_applicant_block_asks_for_what_every_dossier_needs():
    form = build_applicant_form()(FormData({"email": ["x"]}))
    assert not form.validate()
    person = {"full_name", "citizen_id", "birth_day", "address"}
    assert set(form.errors) == {"applicant_kind", "phone", "email", *person}
    assert applicant_facts(form) == {}


COMPANY = Applicant(
    applicant_kind="enterprise",
    organisation_name="Công ty TNHH Sen Hồng",
    tax_code="1400999003",
    seat="5 Lý Thường Kiệt, phường Cao Lãnh",
    representative_name="Trần Văn Sáu",
    representative_position="Giám đốc",
    representative_id="087080001235",
    phone="0912345679",
)


def applicant_form(applicant, **changes):
    return build_applicant_form()(FormData({**{k: [v] for k, v in applicant_data(applicant).items()}, **changes}))


def test_an_organisation_is_asked_for_itself_and_who_represents_it_and_for_nothing_of_a_person():
    form = applicant_form(COMPANY, full_name=["Nguyễn Thị Bé"], digital_citizen=["true"])
    assert form.validate(), form.errors
    assert read_applicant(form) == COMPANY
    assert COMPANY.is_organisation
    assert form.shown().isdisjoint({"full_name", "citizen_id", "birth_day", "address", "digital_citizen"})


def test_every_blank_answer_of_an_organisation_is_asked_for_at_its_field():
    form = applicant_form(Applicant(applicant_kind="organisation"))
    assert not form.validate()
    asked = {"organisation_name", "tax_code", "seat", "phone"}
    assert set(form.errors) == asked | {f"representative_{part}" for part in ("name", "position", "id")}
    assert form.errors["tax_code"] == ["Hãy nhập “Mã số thuế”."]


def test_a_body_without_a_tax_code_is_known_by_its_founding_decision_but_no_enterprise_is():
    body = replace(COMPANY, applicant_kind="organisation", tax_code="", decision_number="12/QĐ-UBND")
    form = applicant_form(body)
    assert form.validate(), form.errors
    assert read_applicant(form) == body
    firm = applicant_form(replace(body, applicant_kind="enterprise"))
    assert not firm.validate()
    assert set(firm.errors) == {"tax_code"}


def test_only_the_kinds_of_applicant_that_may_apply_are_offered_and_taken():
    persons = build_applicant_form(kinds=("individual",))
    form = persons(FormData({"applicant_kind": ["organisation"]}))
    assert [choice.value for choice in form["applicant_kind"].choices] == ["", "individual"]
    assert not form.validate()
    assert form.errors["applicant_kind"] == ["“Loại người nộp”: hãy chọn một mục trong danh sách."]


def test_an_applicant_whose_number_disagrees_is_doubted_and_not_refused():
    older = Applicant(
        **{name: getattr(PERSON, name) for name in ("full_name", "citizen_id", "phone", "address", "applicant_kind")},
        birth_day=date(1989, 1, 1),
    )
    form = build_applicant_form()(applicant_data(older))
    form.offer_on(TODAY)
    assert form.validate()
    [doubt] = read_applicant(form).doubts
    assert "năm sinh 1990" in doubt
    assert older.facts == {"applicant_kind": "individual"}


DATED = CodeList(
    "wards",
    (
        CodeItem("old", Text("Xã Cũ"), Period(until=date(2025, 7, 1))),
        CodeItem("new", Text("Phường Mới"), Period(since=date(2025, 7, 1))),
    ),
)
DATED_FIELDS = (
    Field("ward", FieldKind.CHOICE, Text("Nơi cư trú"), list="wards"),
    Field("wards", FieldKind.CHOICES, Text("Các nơi"), list="wards"),
    Field("plots", FieldKind.GROUP, Text("Thửa"), fields=(Field("at", FieldKind.CHOICE, Text("Ở"), list="wards"),)),
)
BEFORE, SINCE = date(2025, 6, 30), date(2025, 7, 1)


def dated_form(day: date, **answers: str):
    form = form_class("Dated", DATED_FIELDS, (DATED,), wtforms.Form)(FormData({k: [v] for k, v in answers.items()}))
    form.offer_on(day)
    return form


def offered(answer) -> list[str]:
    return [choice.value for choice in answer.choices if choice.value]


def test_only_the_codes_in_force_on_the_day_are_offered():
    for day, codes in ((BEFORE, ["old"]), (SINCE, ["new"])):
        form = dated_form(day, **{"plots-0-at": "new"})
        assert offered(form["ward"]) == offered(form["wards"]) == codes
        assert offered(form["plots"].entries[0].form["at"]) == codes


def test_a_chosen_code_that_is_not_in_force_is_refused_with_its_name_and_the_day():
    form = dated_form(SINCE, ward="old", wards="old", **{"plots-0-at": "old"})
    assert not form.validate()
    said = "“Nơi cư trú”: “Xã Cũ” không dùng được ngày 01/07/2025, hãy chọn mục khác."
    assert form.errors["ward"] == [said]
    assert "Xã Cũ" in form.errors["wards"][0]
    assert "Xã Cũ" in form.errors["plots"][0]["at"][0]
    assert dated_form(BEFORE, ward="old", wards="old", **{"plots-0-at": "old"}).validate()


def test_another_day_offers_other_codes_of_the_same_form_class():
    form = dated_form(BEFORE)
    form.offer_on(SINCE)
    assert offered(form["ward"]) == ["new"]


BOUNDED = defined(
    Field("born", FieldKind.DAY, Text("Ngày sinh", "Day of birth"), not_after=DayBound.TODAY),
    Field("meets", FieldKind.DAY, Text("Ngày hẹn"), not_before=DayBound.TODAY),
    Field(
        "trips", FieldKind.GROUP, Text("Chuyến đi"),
        fields=(Field("left", FieldKind.DAY, Text("Ngày đi"), not_after=DayBound.TODAY),),
    ),
)  # fmt: skip


def bounded_form(**answers: str):
    form = form_of(BOUNDED, answers)
    form.offer_on(TODAY)
    return form


def test_a_day_still_to_come_is_refused_at_its_field_and_is_no_fact_in_rows_too():
    form = bounded_form(born="21/11/2026", **{"trips-0-left": "01/01/2030"})
    assert not form.validate()
    said = "21/11/2026 là ngày chưa tới, hãy nhập ngày không sau hôm nay, 20/11/2026."
    assert form.errors["born"] == [f"“Ngày sinh”: {said}"]
    assert "01/01/2030 là ngày chưa tới" in form.errors["trips"][0]["left"][0]
    assert read_facts(BOUNDED, form) == {"trips": [{}]}
    assert form["born"]._value() == "21/11/2026"


def test_a_day_gone_by_is_refused_where_it_must_be_to_come():
    form = bounded_form(meets="19/11/2026")
    assert not form.validate()
    said = "19/11/2026 là ngày đã qua, hãy nhập ngày không trước hôm nay, 20/11/2026."
    assert form.errors == {"meets": [f"“Ngày hẹn”: {said}"]}
    assert "meets" not in read_facts(BOUNDED, form)


def test_today_itself_is_taken_by_both_bounds():
    form = bounded_form(born="20/11/2026", meets="20/11/2026")
    assert form.validate(), form.errors
    assert read_facts(BOUNDED, form) == {"born": TODAY, "meets": TODAY, "trips": []}


def test_the_birth_of_an_applicant_is_never_in_the_future():
    unborn = replace(PERSON, birth_day=date(2030, 1, 1))
    form = build_applicant_form()(applicant_data(unborn))
    form.offer_on(TODAY)
    assert not form.validate()
    assert "01/01/2030 là ngày chưa tới" in form.errors["birth_day"][0]


def test_a_bounded_day_is_never_checked_without_knowing_today():
    form = form_of(BOUNDED, {"born": "21/11/2026"})
    with pytest.raises(AssertionError, match="offer_on"):
        form.validate()
