"""The sample province holds together: what others load from it without looking twice."""

import csv
import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.importers.columns import HEADERS
from app.importers.strict_yaml import load
from rules.clock.calendar import WorkCalendar
from samples.workbook import ROWS, write_sample_workbook

SAMPLES = Path(__file__).parents[3] / "samples"
SHARED = Path(__file__).parents[4] / "shared" / "data"
VERBS = {
    "view", "receive", "process", "approve", "return", "collect", "export", "open_personal_data",
    "configure", "publish", "administer",
}  # fmt: skip
ROLES = {
    "system_administrator", "catalogue_administrator", "approver", "reception", "processing", "leader",
    "postal_clerk", "inspector",
}  # fmt: skip
PUBLISHED = {"2.000815", "2.000635", "1.001193", "1.004222", "1.001612", "2.001827"}


@cache
def sample(name: str) -> dict[str, Any]:
    return load((SAMPLES / name).read_text(encoding="utf-8")).data


@cache
def units() -> dict[str, dict[str, Any]]:
    return {unit["key"]: unit for unit in sample("province.yaml")["units"]}


@cache
def calendar() -> dict[date, dict[str, str]]:
    with (SAMPLES / "calendar.csv").open(encoding="utf-8", newline="") as stream:
        return {date.fromisoformat(row["day"]): row for row in csv.DictReader(stream)}


def communes() -> list[dict[str, Any]]:
    return [unit for unit in units().values() if unit["kind"] in {"ward", "commune"}]


def test_the_province_has_twenty_wards_and_eighty_two_communes():
    assert Counter(unit["kind"] for unit in communes()) == {"ward": 20, "commune": 82}


def test_every_unit_key_is_unique_and_a_plain_slug():
    keys = [unit["key"] for unit in sample("province.yaml")["units"]]
    assert sorted(keys) == sorted(set(keys))
    assert [key for key in keys if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)] == []


def test_administrative_codes_of_communes_are_unique_and_tell_the_former_province():
    codes = [unit["administrative_code"] for unit in communes()]
    assert len(set(codes)) == 102
    for unit in communes():
        former = "tien_giang" if int(unit["administrative_code"]) < 29_000 else "dong_thap"
        assert unit["attributes"] == {"kind": unit["kind"], "former_province": former}


@pytest.mark.parametrize(
    ("key", "former"),
    [
        ("phuong-my-tho", "tien_giang"),
        ("phuong-go-cong", "tien_giang"),
        ("phuong-cai-lay", "tien_giang"),
        ("xa-cai-be", "tien_giang"),
        ("xa-tan-phu-dong", "tien_giang"),
        ("phuong-cao-lanh", "dong_thap"),
        ("phuong-sa-dec", "dong_thap"),
        ("phuong-hong-ngu", "dong_thap"),
        ("xa-thap-muoi", "dong_thap"),
        ("xa-lap-vo", "dong_thap"),
    ],
)
def test_well_known_places_stand_in_the_former_province_that_everyone_knows(key, former):
    assert units()[key]["attributes"]["former_province"] == former


def test_communes_agree_with_the_public_list():
    path = SHARED / "dong_thap_wards.csv"
    if not path.exists():
        pytest.skip("the public list of communes is not beside the project")
    with path.open(encoding="utf-8", newline="") as stream:
        public = {(row["ward_code"], row["name"].lower()) for row in csv.DictReader(stream)}
    ours = {(u["administrative_code"], u["name"].removeprefix("Ủy ban nhân dân ").lower()) for u in communes()}
    assert ours == public


def test_every_unit_at_work_has_its_own_dossier_code_marked_as_an_example():
    at_work = [unit for unit in units().values() if "until" not in unit]
    codes = [unit["dossier_code"] for unit in at_work]
    assert len(codes) == len(set(codes))
    assert [code for code in codes if not re.fullmatch(r"H20\.\d\d\.\d\d", code)] == []
    assert all(unit["code_is_example"] is True for unit in at_work)


def test_every_commune_names_the_desk_that_citizens_go_to():
    desks = [unit["desk_name"] for unit in communes()]
    assert len(set(desks)) == 102
    assert all(desk.startswith("Trung tâm Phục vụ hành chính công ") for desk in desks)


def test_every_parent_exists_and_was_there_during_the_whole_life_of_its_child():
    for unit in units().values():
        if parent := units().get(unit.get("parent", "")):
            assert parent["since"] <= unit["since"], unit["key"]
            assert parent.get("until", date.max) >= unit.get("until", date.max), unit["key"]
        else:
            assert "parent" not in unit, unit["key"]


def test_every_former_unit_has_a_successor_from_the_day_it_ended_and_no_other_unit_has():
    former = {key for key, unit in units().items() if "until" in unit}
    assert Counter(units()[key]["kind"] for key in former) == {"former_province": 2, "former_district": 23}
    succession = sample("province.yaml")["succession"]
    assert {step["predecessor"] for step in succession} == former
    for step in succession:
        assert units()[step["predecessor"]]["until"] == step["on"]
        assert units()[step["successor"]]["since"] <= step["on"]
        assert step["note"]


def test_a_district_is_followed_only_by_communes_of_its_own_former_province():
    for step in sample("province.yaml")["succession"]:
        before, after = units()[step["predecessor"]], units()[step["successor"]]
        if before["kind"] == "former_district" and after["kind"] != "province":
            assert before["attributes"]["former_province"] == after["attributes"]["former_province"]


def test_there_is_a_person_for_every_role_and_a_reception_at_three_desks():
    users = sample("people.yaml")["users"]
    assert {role for user in users for role in user["roles"]} == ROLES
    assert len({user["user_name"] for user in users}) == len(users)
    desks = {a["unit"] for user in users if "reception" in user["roles"] for a in user["assignments"]}
    assert desks == {"phuong-cao-lanh", "xa-thap-muoi", "trung-tam-phuc-vu-hanh-chinh-cong"}


def test_every_assignment_names_units_verbs_and_fields_of_work_that_exist():
    fields = {*(each["vi"] for each in sample("fields_of_work.yaml")["fields_of_work"]), "*"}
    for user in sample("people.yaml")["users"]:
        for duty in user["assignments"]:
            unit = units()[duty["unit"]]
            assert unit["since"] <= duty["since"] < unit.get("until", date.max)
            assert duty["reach"] in {"unit", "subtree"}
            assert set(duty["verbs"]) <= VERBS
            assert set(duty["fields_of_work"]) <= fields
            assert duty["position"]


def test_only_postal_clerks_act_on_behalf_of_a_unit_and_they_never_decide():
    for user in sample("people.yaml")["users"]:
        for duty in user["assignments"]:
            assert (
                ("on_behalf_of" in duty)
                == (user["roles"] == ["postal_clerk"])
                == (units()[duty["unit"]]["kind"] == "post_office")
            )
            if "on_behalf_of" in duty:
                assert units()[duty["on_behalf_of"]]["kind"] in {"ward", "commune"}
                assert not {"process", "approve"} & set(duty["verbs"])


def test_someone_publishes_who_does_not_write_procedures():
    verbs = {
        user["user_name"]: {verb for duty in user["assignments"] for verb in duty["verbs"]}
        for user in sample("people.yaml")["users"]
    }
    assert any("configure" in held for held in verbs.values())
    assert any("publish" in held and "configure" not in held for held in verbs.values())


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2024, 5, 4), "MAKEUP_WORKDAY"),
        (date(2025, 4, 26), "MAKEUP_WORKDAY"),
        (date(2026, 1, 2), "SWAP_OFF"),
        (date(2026, 1, 10), "MAKEUP_WORKDAY"),
        (date(2026, 4, 27), "COMP_OFF"),
        (date(2026, 8, 22), "MAKEUP_WORKDAY"),
        (date(2026, 8, 31), "SWAP_OFF"),
        (date(2026, 11, 24), "HOLIDAY"),
    ],
)
def test_the_calendar_knows_the_days_that_libraries_miss(day, kind):
    assert calendar()[day]["kind"] == kind


def test_the_calendar_counts_the_days_of_2026_as_the_law_does():
    rows = [{"date": row["day"], "kind": row["kind"]} for row in calendar().values()]
    confirmed = {day.year for day, row in calendar().items() if row["confirmed"] == "true"}
    office = WorkCalendar.from_rows(rows, confirmed_years=confirmed)
    assert not office.is_working_day(date(2026, 11, 24))
    assert not office.is_working_day(date(2026, 1, 2))
    assert office.is_working_day(date(2026, 1, 10))
    assert office.next_working_day(date(2026, 8, 21)) == date(2026, 8, 22)
    assert office.confirmed_years == {2023, 2024, 2025, 2026}


def test_make_up_days_fall_on_weekends_and_swapped_days_off_on_working_days():
    for day, row in calendar().items():
        if row["kind"] == "MAKEUP_WORKDAY":
            assert day.isoweekday() >= 6, day
        if row["kind"] in {"SWAP_OFF", "COMP_OFF"}:
            assert day.isoweekday() <= 5, day
    kinds = Counter((day.year, row["kind"]) for day, row in calendar().items())
    for year in range(2023, 2028):
        assert kinds[year, "SWAP_OFF"] == kinds[year, "MAKEUP_WORKDAY"]


def test_only_the_year_not_yet_announced_is_unconfirmed_and_every_day_has_a_source():
    assert {day.year for day in calendar()} == set(range(2023, 2028))
    for day, row in calendar().items():
        assert row["confirmed"] == ("false" if day.year == 2027 else "true")
        assert row["source"]
        assert row["name"]


def test_the_calendar_has_the_days_of_the_public_list():
    path = SHARED / "vn_public_calendar_2023_2027.csv"
    if not path.exists():
        pytest.skip("the public calendar is not beside the project")
    with path.open(encoding="utf-8", newline="") as stream:
        public = {(date.fromisoformat(row["date"]), row["kind"]) for row in csv.DictReader(stream)}
    assert {(day, row["kind"]) for day, row in calendar().items()} == public


def test_the_working_day_has_eight_hours():
    def minutes(clock: str) -> int:
        hours, rest = clock.split(":")
        return int(hours) * 60 + int(rest)

    windows = sample("hours.yaml")["windows"]
    assert sum(minutes(window["closes"]) - minutes(window["opens"]) for window in windows) == 8 * 60


def test_identity_numbers_agree_with_place_century_sex_and_year_of_birth():
    people = sample("persons.yaml")["persons"]
    assert len({person["citizen_id"] for person in people}) == len(people) == 30
    for person in people:
        number, born = person["citizen_id"], person["birth_day"]
        unit = units()[person["commune"]]
        assert re.fullmatch(r"\d{12}", number)
        assert number[:3] == {"dong_thap": "087", "tien_giang": "082"}[unit["attributes"]["former_province"]]
        assert int(number[3]) == 2 * (born.year // 100 - 19) + (person["sex"] == "female")
        assert int(number[4:6]) == born.year % 100
        assert unit["name"].removeprefix("Ủy ban nhân dân ") in person["address"]


def test_applicants_are_invented_and_their_numbers_come_from_ranges_set_aside():
    assert sample("persons.yaml")["invented"] is True
    for person in sample("persons.yaml")["persons"]:
        assert re.fullmatch(r"0900000\d{3}", person["phone"])
        assert person["citizen_id"][6:10] == "9990"


def test_every_legal_document_is_written_once_and_points_only_to_documents_and_units_that_are_there():
    documents = sample("legal_documents.yaml")["documents"]
    numbers = [document["number"] for document in documents]
    assert sorted(numbers) == sorted(set(numbers))
    for document in documents:
        assert document["kind"] in {"Luật", "Nghị định", "Nghị quyết", "Thông tư"}
        assert {*document.get("amended_by", []), document.get("replaced_by", numbers[0])} <= set(numbers)
        assert all(place in units() or place == "Thành phố Hà Nội" for place in document.get("territory", []))
        if {"since", "until"} <= document.keys():
            assert document["since"] < document["until"]


def test_the_sample_workbook_has_the_shape_of_the_national_export(tmp_path):
    sheet = openpyxl.load_workbook(write_sample_workbook(tmp_path / "danh-sach.xlsx")).worksheets[0]
    assert sheet.title == "Danh sách TTHC"
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:E1"]
    assert "DANH SÁCH THỦ TỤC HÀNH CHÍNH" in sheet["A1"].value
    header, *rows = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=2))
    assert header == list(HEADERS.values())
    assert [row[0] for row in rows] == [row.code for row in ROWS]
    assert len(rows) == 12
    assert all(cell.data_type == "s" for cell in sheet["A"])
    assert any("\n" in (row[3] or "") for row in rows)
    assert any(row[1] != row[1].strip() for row in rows)


def test_each_published_procedure_has_the_field_of_work_of_the_national_catalogue():
    national = {row.code: row.field_of_work for row in ROWS}
    own = {code: sample(f"procedures/{code}.yaml")["field_of_work"]["vi"] for code in PUBLISHED}
    assert own == {code: national[code] for code in PUBLISHED}


def test_the_sample_workbook_holds_the_six_published_procedures_and_known_fields_of_work():
    assert {row.code for row in ROWS} >= PUBLISHED
    known = {each["vi"] for each in sample("fields_of_work.yaml")["fields_of_work"]}
    assert {row.field_of_work for row in ROWS} <= known


def test_texts_are_in_composed_letters():
    for path in (*SAMPLES.glob("*.yaml"), SAMPLES / "calendar.csv"):
        assert not re.search("[\u0300-\u036f]", path.read_text(encoding="utf-8")), path.name
