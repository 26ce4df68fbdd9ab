"""Fields that no dossier shows are told, and so is what is asked or worked out and read by nothing."""

import random
from itertools import product

import pytest

from rules.check import asking
from rules.check.asking import asking_doubts
from rules.check.findings import FindingKind
from rules.check.procedure import check
from rules.errors import Severity
from tests.definitions import data, definition


def told(read, kind=FindingKind.UNUSED):
    return [each for each in asking_doubts(read) if each.kind is kind]


def fields(*more):
    return [*data()["fields"], *more]


def test_a_field_that_nothing_reads_is_named_as_information_by_its_place():
    found = told(definition())
    assert {each.severity for each in found} == {Severity.NOTE}
    assert ("fields", 3) in [each.where for each in found]
    assert "Trường “Số bản” được hỏi mà không quy định nào đọc đến." in [each.what for each in found]
    assert not any("Số ngày quá hạn" in each.what or "Hộ nghèo" in each.what for each in found)


def test_texts_that_only_the_paper_needs_are_named_together_in_one_line():
    names = [{"id": f"name_{number}", "kind": "text", "label": f"Tên {number}"} for number in range(7)]
    (found,) = [each for each in told(definition(fields=fields(*names))) if "Chỉ để ghi" in each.what]
    assert found.what.endswith("“Tên 0”, “Tên 1”, “Tên 2”, “Tên 3” và 3 trường nữa.")


def test_a_column_of_a_group_that_nothing_reads_is_named_and_one_that_a_formula_reads_is_not():
    columns = [
        {"id": "pages", "kind": "whole_number", "label": "Số trang", "min": 0, "max": 9},
        {"id": "seals", "kind": "whole_number", "label": "Số dấu"},
    ]
    group = {"id": "originals", "kind": "group", "label": "Bản chính", "fields": columns, "max_rows": 5}
    pages = {"id": "all_pages", "type": "int", "label": "Tổng số trang", "formula": "sum(originals, pages)"}
    found = told(definition(fields=fields(group), facts=[pages]))
    assert [each.where for each in found if "Cột" in each.what] == [("fields", 7, "fields", 1)]
    assert "Dữ kiện “Tổng số trang” được tính mà không quy định nào đọc đến." in [each.what for each in found]


def test_what_a_condition_a_paper_or_a_notice_reads_is_used():
    notices = [{"id": "many", "text": {"vi": "Nhiều bản"}, "when": {"copies": "> 3"}, "basis": {"document": "tt"}}]
    extra = {"id": "extra", "kind": "text", "label": "Thêm", "shown_when": {"group": "a"}}
    found = [each.what for each in told(definition(fields=fields(extra), notices=notices))]
    assert not any("Số bản" in what or "Nhóm đối tượng" in what for what in found)


def test_a_field_that_no_dossier_can_show_is_told_and_that_the_rules_wait_for_it():
    shown = {"late": "> 5", "channel": "post"}  # the procedure is not filed by post
    hidden = {"id": "hidden", "kind": "yes_no", "label": "Ẩn mãi", "shown_when": shown}
    (found,) = told(definition(fields=fields(hidden)), FindingKind.UNREACHABLE)
    assert (found.where, found.severity) == (("fields", 7, "shown_when"), Severity.WARNING)
    assert "không bao giờ hiện ra" in found.what
    assert "quy định cần đến" not in found.what
    notices = [{"id": "x", "text": {"vi": "Nhắc"}, "when": {"hidden": True}, "basis": {"document": "tt"}}]
    (found,) = told(definition(fields=fields(hidden), notices=notices), FindingKind.UNREACHABLE)
    assert "quy định cần đến nó mà không ai được hỏi" in found.what


def test_the_check_of_a_definition_tells_them():
    assert FindingKind.UNUSED in {each.kind for each in check(definition())}


def seeded(seed):
    """A definition with a field shown under a random condition, and whether some dossier fulfils it."""
    chance = random.Random(seed)
    low, high = chance.randint(0, 5), chance.randint(0, 5)
    shown = {"n": f">= {low}", "flag": chance.choice(["true", "false"]), "m": f"< {high}"}
    shown = {name: shown[name] for name in chance.sample(sorted(shown), chance.randint(1, 3))}
    made = [
        {"id": "n", "kind": "whole_number", "label": "Số n", "min": 0, "max": 3},
        {"id": "flag", "kind": "yes_no", "label": "Cờ"},
        {"id": "m", "kind": "whole_number", "label": "Số m", "min": 2, "max": 4, "shown_when": {"flag": True}},
        {"id": "last", "kind": "text", "label": "Cuối", "shown_when": shown},
    ]
    tests = {
        "n": lambda value: value is not None and value >= low,
        "flag": lambda value: value is (shown.get("flag") == "true"),
        "m": lambda value: value is not None and value < high,
    }
    dossiers = (
        {"n": n, "flag": flag, "m": m}
        for n, flag, m in product((None, 0, 1, 2, 3), (None, True, False), (None, 2, 3, 4))
        if m is None or flag
    )
    may = any(all(tests[name](facts[name]) for name in shown) for facts in dossiers)
    return definition(fields=[*data()["fields"], *made]), may


def wrongs():
    for seed in range(60):
        read, may = seeded(seed)
        named = [each for each in told(read, FindingKind.UNREACHABLE) if "Cuối" in each.what]
        if bool(named) == may:
            yield seed


def test_fields_never_shown_are_just_those_of_which_trying_every_dossier_finds_none():
    assert len({may for _, may in map(seeded, range(60))}) == 2
    assert list(wrongs()) == []


@pytest.mark.parametrize("answer", [True, False])
def test_a_check_that_always_answers_alike_is_seen(answer, monkeypatch):
    monkeypatch.setattr(asking, "may_hold", lambda *_: answer)
    assert any(wrongs())
