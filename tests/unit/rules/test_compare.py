"""Two versions compared: what a leader reads, what is proved to change nothing, and that nothing is left out."""

import copy
import dataclasses
import json
import random
import typing
from pathlib import Path

import pytest

from app.importers import strict_yaml
from rules.codec import canonical_json, definition_from, law_hash, without_words
from rules.compare.difference import Weight
from rules.compare.part_words import part_words
from rules.compare.parts import ATOMS, leaves
from rules.compare.structure import RowsSaid, Structure
from rules.compare.versions import compare
from rules.definition.procedure import ProcedureDefinition
from rules.errors import RulesError
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from tests.definitions import data, definition, fee_table, limit_table, office, row, table

ROOT = Path(__file__).resolve().parents[3] / "samples"
SAMPLES = sorted([*(ROOT / "procedures").glob("*.yaml"), *(ROOT / "definitions").glob("*.yaml")])
QUICK = ("1.001193", "1.013225", "2.000635", "2.000720")
SOME_QUICK = [pytest.param(path, marks=() if path.stem in QUICK else pytest.mark.soak) for path in SAMPLES]
"""A few of the samples in every run, all of them in the long one."""
NO_ROWS = RowsSaid({}, {})


def loaded(path):
    return strict_yaml.load(path.read_bytes()).data


def compared(old, new):
    return compare(definition_from(old), definition_from(new), office())


def sentences(found, weight=Weight.LAW):
    return [each.sentence.vi.replace("\u00a0", " ") for each in found.differences if each.weight is weight]


def shown(difference):
    return {
        each.what.vi: (each.old.vi.replace("\u00a0", " "), each.new.vi.replace("\u00a0", " "))
        for each in difference.shown.changes
    }


def table_of(made, name):
    return next(each for each in made["tables"] if each["id"] == name)


@pytest.fixture(scope="module")
def residence():
    """Permanent residence before and after: fees from a day on, one more exemption, a paper less."""
    old = loaded(ROOT / "procedures" / "1.004222.yaml")
    new = copy.deepcopy(old)
    fees = table_of(new, "registration_fee")
    half = copy.deepcopy(next(each for each in fees["rows"] if each["id"] == "fee.online"))
    next(each for each in fees["rows"] if each["id"] == "fee.online")["until"] = "2027-01-01"
    fees["rows"].append({**half, "id": "online.half", "since": "2027-01-01", "then": {"amount": 5000}})
    waived = table_of(new, "exemptions")
    waived["rows"].append(
        {**copy.deepcopy(waived["rows"][0]), "id": "exempt.online", "when": {"digital_citizen": "unknown"}}
    )
    new["papers"] = new["papers"][:-1]
    new["cases"] = new["cases"][:1]
    return old, new, compared(old, new)


def test_a_fee_from_a_day_on_is_one_sentence_with_both_rows_and_their_basis(residence):
    *_, found = residence
    assert (
        "Khi “Ngày tiếp nhận” từ 01/01/2027 và “Cách nộp” là Trực tuyến: mức thu “Lệ phí đăng ký thường trú” "
        "từ 10.000 đ thành 5.000 đ; do dòng online.half (Thông tư 75/2022/TT-BTC), "
        "trước đây theo dòng fee.online (Thông tư 75/2022/TT-BTC)."
    ) in sentences(found)


def test_its_dossier_shows_the_total_and_the_line_from_what_to_what(residence):
    *_, found = residence
    region = next(each for each in found.differences if each.is_region and each.place[1] == "registration_fee")
    assert region.shown.witness.on.isoformat() >= "2027-01-01"
    assert shown(region)["Tổng số tiền phải nộp"] == ("10.000 đ", "5.000 đ")
    assert region.shown.changes[0].by_itself


def test_a_dropped_paper_is_told_with_what_it_said_and_a_dossier_that_misses_it(residence):
    old, _, found = residence
    label = old["papers"][-1]["label"]["vi"]
    gone = next(each for each in found.differences if each.place[0] == "papers")
    assert gone.sentence.vi == f"Bỏ giấy tờ “{label}”."
    assert "số bản sao: 1" in [each.vi for each in gone.details]
    assert shown(gone)[f"Giấy tờ “{label}”"] == ("phải có, nộp, 1 bản sao", "không có")


def test_an_added_exemption_is_told_as_a_rule_that_is_new(residence):
    *_, found = residence
    said = [each for each in sentences(found) if "exempt.online" in each and each.startswith("Khi")]
    assert said
    assert all("có thêm quy định: miễn toàn bộ “Lệ phí đăng ký thường trú”" in each for each in said)


def test_the_same_definition_has_no_difference():
    old = definition()
    found = compare(old, old, office())
    assert (found.differences, found.undecided, found.changes_nothing, found.changes_law) == ((), (), True, False)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_new_words_in_any_sample_are_proved_to_change_nothing(path):
    old, new = loaded(path), loaded(path)
    for each in [new, *new["fields"], *new.get("papers", []), *new.get("charges", [])]:
        key = "name" if each is new else "label"
        each[key] = {"vi": "Lời mới: " + each[key]["vi"], "en": "New words"}
    for field in new["fields"]:
        field["help"] = {"vi": "Hướng dẫn mới."}
    for each in new["tables"]:
        each["rows"][0]["note"] = {"vi": "Ghi chú mới."}
    found = compared(old, new)
    assert found.changes_nothing
    assert {each.weight for each in found.differences} == {Weight.EDITORIAL}
    assert "không hồ sơ nào đổi kết quả" in found.proof.vi
    assert found.to_data()["counts"]["law"] == 0


def test_another_citation_changes_reasons_only():
    new = data()
    new["tables"][0]["rows"][0]["basis"] = {"document": "tt", "article": 9}
    found = compare(definition(), definition_from(new), office())
    assert not found.changes_law
    assert not found.changes_nothing
    assert sentences(found, Weight.REASONS) == [
        "Bảng “Bảng fee”: dòng fee.counter trước là: Khi “Cách nộp” là Trực tiếp, thì mức thu “Lệ phí đăng ký” là "
        "20.000 đ (căn cứ Điều 1 Thông tư 1/2026/TT-BTC). Nay là: Khi “Cách nộp” là Trực tiếp, thì mức thu "
        "“Lệ phí đăng ký” là 20.000 đ (căn cứ Điều 9 Thông tư 1/2026/TT-BTC)."
    ]


def test_rows_written_otherwise_that_give_the_same_everywhere_are_proved_so():
    split = fee_table(
        row("fee.counter", {"channel": "counter"}, {"amount": 20000}),
        row("fee.online", {"channel": "online", "late": "< 1"}, {"amount": 5000}),
        row("fee.online_late", {"channel": "online", "late": ">= 1"}, {"amount": 10001}),
    )
    made = data()
    found = compare(definition(), definition(tables=[split, *made["tables"][1:]]), office())
    assert not found.changes_law
    assert {each.place[3] for each in found.differences} == {"fee.online", "fee.online_late"}


def test_a_table_under_another_id_is_matched_by_its_rows():
    new = data()
    new["tables"][0]["id"] = "fees"
    new["charges"][0]["amount"]["table"] = "fees"
    found = compare(definition(), definition_from(new), office())
    assert not found.changes_law
    assert "Bảng “Bảng fee” đổi mã từ “fee” thành “fees”." in sentences(found, Weight.REASONS)


def test_what_the_budget_did_not_suffice_for_is_named_and_counts_as_a_change_of_law():
    new = data()
    new["tables"][0]["rows"][0]["then"] = {"amount": 1}
    found = compare(definition(), definition_from(new), office(), steps=1)
    assert [each.vi for each in found.undecided] == [
        "Bảng “Bảng fee”: chưa kết luận, vì phải xét quá nhiều vùng hồ sơ."
    ]
    assert found.changes_law


def test_a_table_that_asks_a_fact_of_another_type_is_undecided_and_its_rows_are_told():
    new = data()
    new["fields"][1] = {"id": "group", "kind": "whole_number", "label": "Nhóm đối tượng"}
    asked = table("fee", ["group"], {"amount": "money"}, [row("fee.all", {"group": "> 1"}, {"amount": 1})])
    old = table("fee", ["group"], {"amount": "money"}, [row("fee.all", {"group": "a"}, {"amount": 1})])
    new["tables"] = [asked, *new["tables"][1:]]
    before = data(tables=[old, *data()["tables"][1:]])
    found = compared(before, new)
    assert "chưa kết luận từng vùng hồ sơ" in found.undecided[0].vi
    assert ("tables", "fee", "rows", "fee.all") in [
        each.place for each in found.differences if each.weight is Weight.LAW
    ]


def test_a_table_only_the_new_version_has_is_told_region_by_region():
    refuse = table(
        "refuse",
        ["late"],
        {"reason": "text"},
        [row("refuse.late", {"late": "> 30"}, {"reason": {"vi": "Quá hạn 30 ngày."}})],
        "collect",
    )
    new = data()
    new["tables"].append(refuse)
    new["eligibility"] = {"table": "refuse"}
    found = compare(definition(), definition_from(new), office())
    region = next(each for each in found.differences if each.is_region)
    assert region.sentence.vi == (
        "Khi “Số ngày quá hạn” ít nhất 31 ngày: có thêm quy định: không tiếp nhận hồ sơ: Quá hạn 30 ngày; "
        "do dòng refuse.late (Điều 1 Thông tư 1/2026/TT-BTC)."
    )
    assert shown(region)["Điều kiện tiếp nhận"] == ("đủ điều kiện tiếp nhận", "không tiếp nhận: Quá hạn 30 ngày")


def test_another_hit_policy_is_told_where_it_matters():
    rows = [row("all", {}, {"amount": 5}), row("late", {"late": "> 0"}, {"amount": 7})]
    old = data(tables=[fee_table(*rows, hit="first"), *data()["tables"][1:]])
    new = data(tables=[fee_table(*rows, hit="collect_max"), *data()["tables"][1:]])
    old["cases"] = new["cases"] = []
    found = compared(old, new)
    assert sentences(found)[0] == (
        "Khi “Số ngày quá hạn” ít nhất 1 ngày: mức thu “Lệ phí đăng ký” từ 5 đ thành 7 đ; "
        "vì bảng đổi cách chọn dòng, nay theo dòng late (Điều 1 Thông tư 1/2026/TT-BTC)."
    )


BESIDE_TABLES = [
    (("charges", 0, "cap"), 4000, "Khoản thu “Lệ phí đăng ký”: thêm mức tối đa: 4.000 đ."),
    (("charges", 0, "refundable"), True, "Khoản thu “Lệ phí đăng ký”: được hoàn trả từ không thành có."),
    (
        ("charges", 0, "collected"),
        "at_filing",
        "Khoản thu “Lệ phí đăng ký”: thời điểm thu từ thu khi trả kết quả thành thu khi nộp hồ sơ.",
    ),
    (("papers", 0, "originals"), 2, "Giấy tờ “Tờ khai”: số bản chính từ 1 thành 2."),
    (
        ("papers", 0, "required"),
        {"when": {"poor": True}},
        "Giấy tờ “Tờ khai”: bắt buộc từ có thành khi “Hộ nghèo” là có.",
    ),
    (
        ("fields", 0, "max"),
        60,
        "Trường của biểu mẫu “Số ngày quá hạn”: thêm giá trị lớn nhất được khai: 60 ngày.",
    ),
    (
        ("deadline", "start"),
        "moment",
        "Thời hạn giải quyết: thêm lúc bắt đầu tính: ngay từ lúc tiếp nhận.",
    ),
    (
        ("statutory", "ways"),
        ["counter"],
        "Nội dung phải công bố: cách thức thực hiện từ Trực tiếp, Trực tuyến thành Trực tiếp.",
    ),
]


@pytest.mark.parametrize(("place", "value", "said"), BESIDE_TABLES, ids=lambda each: str(each)[:30])
def test_what_lies_beside_tables_is_told_with_what_was_and_what_is(place, value, said):
    new = with_leaf(json.dumps(data(), default=str), place, value)
    found = compare(definition(), definition_from(new), office())
    assert said in sentences(found)
    told = next(each for each in found.differences if each.sentence.vi.replace("\u00a0", " ") == said)
    assert told.shown or told.note


def test_a_value_of_the_law_that_changes_shows_in_a_dossier():
    made = data(parameters={"base": {"type": "money", "label": {"vi": "Mức lương cơ sở"}, "values": [{"value": 3000}]}})
    made["facts"] = [{"id": "due", "type": "money", "label": {"vi": "Số phải nộp"}, "formula": "base * 2"}]
    made["charges"][0] = {**made["charges"][0], "amount": {"fact": "due"}, "cuts": []}
    made["tables"] = [limit_table()]
    made["cases"] = []
    new = copy.deepcopy(made)
    new["parameters"]["base"]["values"][0]["value"] = 3500
    found = compared(made, new)
    changed = found.differences[0]
    assert changed.sentence.vi.replace("\u00a0", " ").startswith("Tham số pháp luật “Mức lương cơ sở”")
    assert shown(changed)["Tổng số tiền phải nộp"] == ("6.000 đ", "7.000 đ")


def leafs(part, place=()):
    if isinstance(part, dict | list):
        for key, value in part.items() if isinstance(part, dict) else enumerate(part):
            yield from leafs(value, (*place, key))
    else:
        yield place, part


def otherwise(value):
    if value is None:
        return ["absent"]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if value[:2] == "20" and value[4:5] == "-":
        return [f"{value[:3]}7{value[4:]}"]
    return [f"{value} x", f"{value}1"]


def with_leaf(text, place, value):
    made = json.loads(text)
    part = made
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    return made


@pytest.mark.parametrize("path", SOME_QUICK, ids=lambda path: path.stem)
def test_whatever_leaf_changes_is_told(path):
    old = definition_from(loaded(path))
    text = canonical_json(old)
    every = list(leafs(json.loads(text)))
    told = 0
    for place, value in random.Random(path.stem).sample(every, 25):
        for other in otherwise(value):
            try:
                new = definition_from(with_leaf(text, place, other))
            except RulesError:
                continue
            if canonical_json(new) == text:
                continue
            found = list(Structure(old, new, {}, {}).differences(NO_ROWS))
            assert found, place
            editorial = {each.weight for each in found} == {Weight.EDITORIAL}
            assert editorial == (law_hash(old) == law_hash(new)), place
            told += 1
    assert told


def figures(version, case):
    """What a golden case comes to, without the words of any reason."""
    found = evaluate(compiled(version), case.given, on=case.on, at=case.at, office=office())
    due = found.deadline
    return (
        found.eligible,
        len(found.refusals),
        dict(found.totals),
        [(each.id, each.amount, each.state) for each in (*found.charges, *found.payouts)],
        [(each.code, each.need, each.originals, each.copies) for each in found.papers],
        (due.statutory, due.committed, due.appointment) if due else None,
        found.route and (found.route.relation, found.route.unit),
        [each.id for each in (*found.steps, *found.notices, *found.results)],
    )


@pytest.mark.parametrize("path", SOME_QUICK, ids=lambda path: path.stem)
def test_what_is_told_as_words_or_reasons_changes_no_figure_of_any_golden_case(path):
    old = definition_from(loaded(path))
    text = canonical_json(old)
    every = [each for each in leafs(json.loads(text)) if each[0][0] != "cases"]
    for place, value in random.Random(path.stem).sample(every, 12):
        try:
            new = definition_from(with_leaf(text, place, otherwise(value)[0]))
        except RulesError:
            continue
        if all(each.weight is not Weight.LAW for each in Structure(old, new, {}, {}).differences(NO_ROWS)):
            for case in old.cases[:6]:
                before, after = (figures(version, case) for version in (old, new))
                assert [sorted(each) if isinstance(each, list) else each for each in before] == [
                    sorted(each) if isinstance(each, list) else each for each in after
                ], place


def test_the_walk_ends_empty_only_where_the_definitions_are_equal():
    old = definition()
    assert list(leaves(old, old)) == []
    assert list(leaves(without_words(old), without_words(definition(name={"vi": "Tên khác"})))) == []


def reachable(kind, seen):
    if dataclasses.is_dataclass(kind):
        if kind not in seen and not issubclass(kind, ATOMS):
            seen.add(kind)
            for hint in typing.get_type_hints(kind).values():
                reachable(hint, seen)
    else:
        for each in typing.get_args(kind):
            reachable(each, seen)
    return seen


def test_every_attribute_of_every_part_has_words():
    for kind in reachable(ProcedureDefinition, set()):
        for each in dataclasses.fields(kind):
            assert part_words(kind.__name__, each.name).en, (kind, each.name)


def test_sets_of_codes_are_said_by_what_they_hold_and_what_they_lack():
    rows = [
        row("base", {"marks": "has any a, b"}, {"amount": 5}),
        row("more", {"marks": "has all c"}, {"amount": 9}),
    ]
    fees = table("fee", ["marks"], {"amount": "money"}, rows, "collect_max")
    old = data(tables=[fees, *data()["tables"][1:]], cases=[])
    new = copy.deepcopy(old)
    new["tables"][0]["rows"][0]["then"] = {"amount": 6}
    assert sentences(compared(old, new))[0].startswith(
        "Khi “Các nhóm” có một trong Nhóm a, Nhóm b và không có Nhóm c: mức thu “Lệ phí đăng ký” từ 5 đ thành 6 đ;"
    )


def test_a_later_cut_off_is_shown_by_a_dossier_accepted_in_that_minute():
    limits = table(
        "limit",
        [],
        {"amount": "int", "unit": "code", "cutoff": "int"},
        [row("t", {}, {"amount": 0, "unit": "same_day", "cutoff": 900})],
    )
    old = data(tables=[*data()["tables"][:2], limits])
    new = copy.deepcopy(old)
    new["tables"][2]["rows"][0]["then"]["cutoff"] = 930
    region = compared(old, new).differences[0]
    assert f"{region.shown.witness.at:%H:%M}" in ("15:01", "15:30")
    assert "Hạn theo luật" in shown(region)
