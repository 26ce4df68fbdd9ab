"""The list of a procedure's dossiers: what is asked is what is found, page by page, in the words of each version."""

from typing import Any
from uuid import UUID

import pytest

from app.clock import legal_day
from app.extensions import db
from app.services.dossier_list import Page, page
from app.services.listed_versions import listed_procedure
from forms.question import Question, read, written
from tests.desk import AT, OTHER_RECEIVER, RECEIVER, acting
from tests.listed import GARDEN, filled, gardens, planted


def asked(at=AT, size: int = 50, after: UUID | None = None, before: UUID | None = None, **said: Any) -> Page:
    given = {name.replace("__", "."): values if isinstance(values, list) else [values] for name, values in said.items()}
    procedure = listed_procedure(db.session(), GARDEN, legal_day(at))
    question, faults = read(procedure.listing, given)
    assert not faults
    return page(db.session(), procedure, question, size=size, after=after, before=before)


def column(found: Page, name: str) -> list[str]:
    place = [column.name for column in found.columns].index(name)
    return [row.cells[place].shown.vi for row in found.rows]


@pytest.fixture
def garden(database) -> list[UUID]:
    gardens()
    made = [
        planted("Đăng ký vườn sen", area=1205, kind="lotus", day="2026-03-01", fee=20_000),
        planted("Dang ky ao ca", area=300, kind="fish", day="2026-04-01", fee=5_000),
        planted("Đăng kỳ rau", area=95, kind="lotus", day="2026-05-01", fee=5_000),
    ]
    filled()
    return made


def test_the_list_opens_with_the_newest_and_the_first_answers(garden):
    with acting(RECEIVER):
        found = asked()
        assert [each.label.vi for each in found.columns][:6] == [
            "Mã hồ sơ", "Người nộp", "Ngày nhận", "Bước", "Ngày hẹn trả", "Tên vườn",
        ]  # fmt: skip
        assert column(found, "title") == ["Đăng kỳ rau", "Dang ky ao ca", "Đăng ký vườn sen"]
        assert (found.count, found.is_capped, found.before, found.after) == (3, False, None, None)


def test_words_find_without_accents_and_exact_accents_stand_first(garden):
    with acting(RECEIVER):
        assert len(asked(q="dang ky").rows) == 3
        assert column(asked(q="đăng ký"), "title") == ["Đăng ký vườn sen", "Đăng kỳ rau", "Dang ky ao ca"]
        assert column(asked(f__title="RAU"), "title") == ["Đăng kỳ rau"]
        assert asked(q="100%").rows == asked(f__title="_").rows == ()


def test_codes_numbers_and_days_narrow_the_list(garden):
    with acting(RECEIVER):
        assert column(asked(f__kind=["lotus"]), "title") == ["Đăng kỳ rau", "Đăng ký vườn sen"]
        assert column(asked(f__area__from="9,5", f__area__to="30"), "title") == ["Đăng kỳ rau", "Dang ky ao ca"]
        assert column(asked(f__planted__from="02/03/2026", f__planted__to="1/4/2026"), "title") == ["Dang ky ao ca"]
        assert column(asked(f__fee__from="5.001"), "title") == ["Đăng ký vườn sen"]
        assert len(asked(received__from="20/11/2026", received__to="20/11/2026").rows) == 3
        assert asked(received__to="19/11/2026").rows == ()
        assert asked(state="returned").rows == ()


def test_pages_go_forth_and_back_over_every_dossier_once_in_every_order(garden):
    with acting(RECEIVER):
        for sort in ("received", "-received", "code", "due", "-due", "f.title", "-f.area", "f.fee", "f.planted"):
            go_over_the_pages(sort)


def go_over_the_pages(sort: str) -> None:
    whole = [row.uuid for row in asked(sort=sort).rows]
    first = asked(sort=sort, size=1)
    second = asked(sort=sort, size=1, after=first.after)
    third = asked(sort=sort, size=1, after=second.after)
    assert [each.rows[0].uuid for each in (first, second, third)] == whole, sort
    assert (first.before, third.after) == (None, None)
    back = asked(sort=sort, size=1, before=third.before)
    assert [row.uuid for row in back.rows] == [second.rows[0].uuid]
    assert asked(sort=sort, size=1, before=back.before).before is None


def test_numbers_sort_as_numbers_and_exact_accents_stay_first_over_pages(garden):
    with acting(RECEIVER):
        assert column(asked(sort="f.area"), "area") == ["9,5 m²", "30 m²", "120,5 m²"]
        first = asked(q="đăng ký", sort="f.area", size=1)
        assert column(first, "title") == ["Đăng ký vườn sen"]
        assert column(asked(q="đăng ký", sort="f.area", size=2, after=first.after), "title") == [
            "Đăng kỳ rau", "Dang ky ao ca",
        ]  # fmt: skip


def test_another_unit_sees_and_counts_none_of_them(garden):
    with acting(OTHER_RECEIVER):
        assert (asked().rows, asked().count, asked(q="dang ky").count) == ((), 0, 0)


def test_identity_numbers_show_their_last_digits_only(garden):
    with acting(RECEIVER):
        assert column(asked(col=["f.keeper"]), "keeper") == ["•••••••••234"] * 3


def test_more_dossiers_than_are_counted_are_said_as_more_and_stand_as_received(garden, monkeypatch):
    monkeypatch.setattr("app.services.dossier_list.COUNTED_AT_MOST", 2)
    with acting(RECEIVER):
        found = asked(sort="f.area", q="dang ky")
        assert (found.count, found.is_capped, found.is_sorted) == (2, True, False)
        assert column(found, "title") == ["Đăng kỳ rau", "Dang ky ao ca", "Đăng ký vườn sen"]


def test_a_question_survives_its_own_address(garden):
    procedure = listed_procedure(db.session(), GARDEN, legal_day(AT))
    given = {
        "q": ["đăng"], "state": ["received"], "f.kind": ["lotus", "fish"], "f.area.from": ["9,5"],
        "f.fee.to": ["1.000.000"], "f.planted.from": ["01/03/2026"], "sort": ["-f.area"], "col": ["f.fee"],
        "f.unknown": ["x"],
    }  # fmt: skip
    question, _ = read(procedure.listing, given)
    pairs: dict[str, list[str]] = {}
    for name, value in written(question, procedure.listing):
        pairs.setdefault(name, []).append(value)
    assert read(procedure.listing, pairs)[0] == question
    assert pairs == {name: values for name, values in given.items() if name != "f.unknown"}


def test_what_cannot_be_read_is_told_and_asks_nothing(garden):
    procedure = listed_procedure(db.session(), GARDEN, legal_day(AT))
    for name, typed, said in (
        ("f.planted.from", "31/02/2026", "Ngày trồng"), ("f.area.to", "rộng", "Diện tích"),
        ("f.fee.from", "9" * 60, "Tiền"), ("q", "x" * 10_000_000, "Tìm"), ("f.title", "a\x00b", "Tên vườn"),
    ):  # fmt: skip
        question, faults = read(procedure.listing, {name: [typed]})
        assert [fault.name for fault in faults] == [name]
        assert said in str(faults[0].sentence)
        assert question == Question()


def test_a_new_version_is_listed_at_once_and_old_dossiers_keep_their_words(garden):
    gardens(second=True)
    filled()
    with acting(RECEIVER):
        found = asked(at=AT, sort="f.kind")
        assert [each.label.vi for each in found.columns][-3:] == ["Tên khu vườn", "Diện tích", "Loại vườn"]
        assert column(found, "kind") == ["Ao cá", "Sen", "Sen"]
        assert "water" in listed_procedure(db.session(), GARDEN, legal_day(AT)).listing.columns
