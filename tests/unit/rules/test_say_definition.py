"""A definition is said whole, in both languages, and each row of a table as a sentence that stands by itself."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from app.importers import strict_yaml
from rules.codec import definition_from
from rules.say.definition import readable
from rules.say.listing import listing
from rules.values import Text
from tests.definitions import charge, cut_table, data, definition, fee_table, row, table

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "definition.md").read_text("utf-8")
SAMPLES = sorted((ROOT / "samples" / "procedures").glob("*.yaml"))
REFERENCE = strict_yaml.load("\n".join(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))).data
VIETNAMESE = re.compile("[àáạảãăằắặẳẵâầấậẩẫđèéẹẻẽêềếệểễìíịỉĩòóọỏõôồốộổỗơờớợởỡùúụủũưừứựửữỳýỵỷỹ]", re.IGNORECASE)


def rows(**parts) -> dict[str, Text]:
    """Return the sentence of every row of a small definition, by the row's id."""
    return {row.id: row.sentence for table in readable(definition(**parts)).tables for row in table.rows}


def spoken(reading, language: str) -> str:
    groups = listing(reading)
    texts = [text for group in groups for text in (group.title, *group.sentences)]
    return "\n".join(text.vi if language == "vi" else text.english for text in texts)


def test_a_row_says_when_it_applies_what_it_gives_for_what_by_which_law():
    assert rows()["fee.online_late"].vi == (
        "Khi “Cách nộp” là Trực tuyến và “Số ngày quá hạn” trên 0 ngày, thì mức thu “Lệ phí đăng ký” là 10.001 đ "
        "(căn cứ Điều 1 Thông tư 1/2026/TT-BTC)."
    )


def test_a_row_speaks_english_and_keeps_names_that_have_none():
    assert rows()["fee.online_late"].en == (
        "When “Way of filing” is Online and “Số ngày quá hạn” is more than 0 days, "
        "the amount of “Lệ phí đăng ký” is 10,001 đ (basis: Article 1, Circular 1/2026/TT-BTC)."
    )


def test_a_reduction_says_how_much_and_since_when():
    said = rows()
    assert said["cut.poor"].vi.startswith("Khi “Hộ nghèo” là có, thì miễn toàn bộ “Lệ phí đăng ký” (căn cứ ")
    assert said["cut.half"].vi.endswith(
        "thì giảm 50% “Lệ phí đăng ký” (căn cứ Điều 1 Thông tư 1/2026/TT-BTC; từ 01/01/2027)."
    )
    assert "“Lệ phí đăng ký” is reduced by 50% (" in said["cut.half"].en
    assert said["cut.half"].en.endswith("; from 01/01/2027).")


def test_a_note_is_a_sentence_of_its_own():
    noted = row("cut.poor", {"poor": True}, {"percent": 100}, note="Kể cả quá hạn.")
    said = rows(tables=[fee_table(), cut_table(noted), data()["tables"][2]])["cut.poor"]
    assert said.vi.endswith("). Ghi chú: Kể cả quá hạn.")


def test_a_row_without_conditions_is_for_every_dossier():
    assert rows()["time.three"].vi == (
        "Với mọi hồ sơ, thời hạn giải quyết theo luật là 3 ngày làm việc (căn cứ Điều 1 Thông tư 1/2026/TT-BTC)."
    )


def test_a_lower_row_of_a_table_read_from_the_top_excludes_those_above_it():
    lower = (
        row("fee.poor", {"late": "> 30"}, {"amount": 0}),
        row("fee.late", {"late": "[1..30]", "channel": "not(post)"}, {"amount": 7}),
        row("fee.rest", {}, {"amount": 9}),
    )
    said = rows(tables=[fee_table(*lower, hit="first"), *data()["tables"][1:]])
    assert said["fee.poor"].vi.startswith("Khi “Số ngày quá hạn” trên 30 ngày, thì ")
    assert said["fee.late"].vi.startswith(
        "Khi không dòng nào ở trên áp dụng và “Cách nộp” không phải là Qua bưu chính và “Số ngày quá hạn” từ 1 ngày đến"
    )
    assert said["fee.rest"].vi.startswith("Với mọi hồ sơ còn lại, mức thu ")


@pytest.mark.parametrize(
    ("cell", "vi", "en"),
    [
        ({"late": "3"}, "“Số ngày quá hạn” là 3 ngày", "“Số ngày quá hạn” is 3 days"),
        ({"late": "not(3)"}, "“Số ngày quá hạn” không phải là 3 ngày", "“Số ngày quá hạn” is not 3 days"),
        (
            {"late": "not([1..3])"},
            "“Số ngày quá hạn” không trong khoảng từ 1 ngày đến 3 ngày",
            "is not from 1 day to 3",
        ),
        ({"late": "unknown"}, "“Số ngày quá hạn” chưa biết", "“Số ngày quá hạn” is not known"),
        ({"born": "< 2026-08-15"}, "“Ngày sinh” trước 15/08/2026", "“Ngày sinh” is before 15/08/2026"),
        ({"group": "not(a)"}, "“Nhóm đối tượng” không phải là Nhóm a", "“Nhóm đối tượng” is not Nhóm a"),
        ({"marks": "has any a, b"}, "“Các nhóm” có một trong Nhóm a, Nhóm b", "includes one of Nhóm a, Nhóm b"),
        ({"marks": "has none a"}, "“Các nhóm” không có Nhóm a", "“Các nhóm” includes none of Nhóm a"),
    ],
)
def test_a_condition_reads_as_a_clause(cell, vi, en):
    asked = table("fee", list(cell), {"amount": "money"}, [row("fee.one", cell, {"amount": 1})])
    said = rows(tables=[asked, *data()["tables"][1:]])["fee.one"]
    assert f"Khi {vi}" in said.vi
    assert en in said.en


def test_a_result_for_two_charges_is_said_of_both_each_in_its_currency():
    charges = [charge(), charge(id="second", label="Phí thứ hai", currency="USD", times="copies", cuts=[])]
    said = rows(charges=charges)["fee.counter"].vi
    assert "mức thu “Lệ phí đăng ký” là 20.000 đ; mức thu “Phí thứ hai” là 200,00 USD, nhân với “Số bản” (" in said


def test_a_result_without_a_label_is_called_as_its_table_and_beside_others_by_its_name_too():
    alone = table("stray", [], {"times": "int"}, [row("stray.row", {}, {"times": 20})])
    assert rows(tables=[*data()["tables"], alone])["stray.row"].vi.startswith("Với mọi hồ sơ, “Bảng stray” là 20 (")
    stray = table("stray", [], {"hint": "text", "on": "bool"}, [row("stray.row", {}, {"hint": "Xem.", "on": True})])
    said = rows(tables=[*data()["tables"], stray])["stray.row"].vi
    assert said.startswith("Với mọi hồ sơ, “Bảng stray (hint)” là Xem; “Bảng stray (on)” là có (")


def test_every_kind_of_result_of_the_reference_page_is_said():
    said = spoken(readable(definition_from(REFERENCE)), "vi")
    for sentence in (
        "Khi “Lỗi của bản chính” không phải là Không có, thì không tiếp nhận hồ sơ: Bản chính có lỗi (căn cứ ",
        "Khi “Người nộp” là Người được ủy quyền, thì phải có “Văn bản ủy quyền” (căn cứ ",
        "Với mọi hồ sơ còn lại, được miễn nộp “Văn bản ủy quyền” (căn cứ ",
        "thì miễn toàn bộ “Lệ phí đăng ký” (căn cứ Điều 6 Thông tư 9/2026/TT-BTC; từ 15/08/2026 đến trước 01/03/2027)",
        "thời hạn giải quyết theo luật là trong ngày; hồ sơ nhận sau 15:00 thì tính từ ngày làm việc kế tiếp",
        "thời hạn tỉnh cam kết là trong ngày",
        "Trong mỗi dòng của “Bản chính”, “Số trang”: số nguyên từ 1 trang đến 5.000 trang; phải có.",
        "“Số văn bản ủy quyền”: chữ; phải có khi “Cách nộp” là Trực tiếp; "
        "chỉ hỏi khi “Người nộp” là Người được ủy quyền.",
        "“Người nộp”: chọn một trong các mục: “Chính chủ”, “Người được ủy quyền”; phải có.",
        "“Giấy tờ tùy thân”: phải có; chỉ hỏi khi “Cách nộp” là Trực tiếp; hoặc “Người nộp” là Người được ủy quyền; "
        "xuất trình 1 bản chính (căn cứ Điều 6 Luật mẫu 1/2026/QH16).",
        "“Văn bản ủy quyền”: theo bảng “Văn bản ủy quyền”; nộp 1 bản chính.",
        "“Lệ phí đăng ký” là lệ phí, mức thu do Hội đồng nhân dân tỉnh quy định.",
        "Miễn, giảm “Lệ phí đăng ký” theo bảng “Giảm, miễn” và “Giảm của địa phương”; khi nhiều mức cùng áp dụng, chỉ",
        "“Lỗi của bản chính” (cán bộ ghi nhận khi tiếp nhận): chọn: Không có; Bị tẩy xóa.",
        "“Số bản chính” (hệ thống tính): số dòng của “Bản chính”.",
        "Ví dụ, không phải quy định: Thủ tục mẫu trong tài liệu, không có thật.",
        "Thông tư 9/2026/TT-BTC (hiệu lực từ 01/01/2026 đến trước 01/01/2028).",
        "“Nơi cư trú”: chọn một trong các mục: “Phường Mỹ Tho”, “Tân Hồng”, “Xã Cũ (đến trước 01/07/2025)”, ",
        "“Diện tích đo vẽ”: số đo có phần lẻ ít nhất 0,5 m²; không bắt buộc.",
        "“Thời điểm nộp tiền”: ngày và giờ; không bắt buộc.",
        "Dùng để xác định: đầu vào của bảng “Giá đo vẽ”; đầu vào của bảng “Thời hạn”; ",
        "dòng cho kết quả xếp trên cùng được áp dụng. Thứ tự của “Phân loại theo diện tích”: large, small.",
        "Khi “Thời điểm nộp tiền” từ 16:00 20/11/2026, thì “Phân loại theo diện tích” là large (căn cứ ",
        "Theo quy định dùng chung “Giảm phí nộp trực tuyến” bản 2026-01-01.",
        "thì giảm 70% “Lệ phí đăng ký” (căn cứ Điều 2 Nghị quyết 9/2026/NQ-HĐND; từ 01/01/2026; "
        "chỉ tại địa bàn tỉnh Đồng Tháp trước 01/07/2025).",
        "“Số phong bì gửi đi” (cán bộ ghi nhận khi tiếp nhận): một số từ 1 bản đến 50 bản.",
        "“Lương cơ sở”: 2.340.000 đ (căn cứ khoản 2 Điều 3 Nghị định 73/2024/NĐ-CP (mức hiện nay); từ 01/07/2024).",
        "“Hệ số thu nhập thấp”: 3 (căn cứ khoản 2 Điều 12 Luật mẫu 1/2026/QH16; từ 01/01/2026; chỉ tại vùng xa).",
        "“Cước theo khối lượng”: phần đến 2 kg: 6.000 đ mỗi kg; phần trên 2 kg đến 10,5 kg: 4.500 đ mỗi kg; "
        "phần trên 10,5 kg: 4.000 đ mỗi kg; làm tròn lên, đến bội số của 1.000 (căn cứ ",
        "Địa bàn xét theo “Đơn vị tiếp nhận”.",
        "Tân Hồng (30169), Xã Mẫu (30170) (đến trước 01/01/2027) (từ 01/07/2025).",
        "“vùng xa”: các đơn vị của danh mục “wards” có “Vùng xa” là có.",
        "“Tân Hồng (30169)”: loại đơn vị là Phường; vùng xa là không (từ 01/01/2026).",
        "thì “Cần thêm giờ”, nếu không thì “Nhanh”).",
    ):
        assert sentence in said


def english_only(value):
    """Give every text of a definition's data an English, and take its Vietnamese out of what has no language."""
    if isinstance(value, dict) and set(value) <= {"vi", "en"}:
        return {**value, "en": "some text"}
    if isinstance(value, dict):
        kept = {name: english_only(each) for name, each in value.items()}
        return kept | {name: f"Law {len(each)}" for name, each in value.items() if name == "document" and " " in each}
    return [english_only(each) for each in value] if isinstance(value, list) else value


def test_nothing_of_ours_stays_vietnamese_in_the_english_of_a_bilingual_definition():
    said = spoken(readable(definition_from(english_only(REFERENCE))), "en")
    bare = re.sub(r"\bđ\b|\(mức hiện nay\)", "", said)
    assert [line for line in bare.splitlines() if VIETNAMESE.search(line)] == []
    assert len(said.splitlines()) > 60


def texts_of(value):
    """Yield every text inside a reading."""
    if isinstance(value, Text):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from texts_of(getattr(value, each.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from texts_of(each)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_row_and_charge_and_paper_of_a_sample_is_in_its_listing(path):
    defined = definition_from(strict_yaml.load(path.read_text("utf-8")).data)
    reading = readable(defined)
    assert all(text.vi for text in texts_of(reading))
    for language in ("vi", "en"):
        lines = spoken(reading, language).splitlines()
        assert all(line.strip() == line and "None" not in line.replace(": None.", "") for line in lines)
        assert [line for line in lines if "{" in line or ".." in line or "  " in line] == []
        row_ids = [row.id for each in defined.tables for row in each.rows]
        assert [sum(line.startswith(f"[{row_id}] ") for line in lines) for row_id in row_ids] == [1] * len(row_ids)
        for named in (*defined.charges, *defined.papers, *defined.facts, *defined.fields):
            name = named.label.vi if language == "vi" else named.label.english
            assert any(f"“{name}”" in line for line in lines)


def test_a_definition_that_says_nothing_says_so():
    empty = {"format": 1, "code": "1.000001", "name": "Thử"}
    said = spoken(readable(definition_from(empty)), "vi")
    for sentence in (
        "Lĩnh vực: chưa ghi.",
        "Không phải nộp giấy tờ nào.",
        "Thủ tục này không thu tiền.",
        "Chưa có quy định về thời hạn.",
        "Không có điều kiện riêng: hồ sơ đủ giấy tờ thì được tiếp nhận.",
    ):
        assert sentence in said.splitlines()


RANKED = {
    "priority": ("dòng cho kết quả xếp trên cùng được áp dụng.", "the one with the best result applies."),
    "output_order": ("kết quả xếp trên đứng trước.", "the best result first."),
}
LEVEL = {"id": "level", "type": "code", "list": "group", "order": ["b", "a"], "label": {"vi": "Mức", "en": "Level"}}


@pytest.mark.parametrize("hit", RANKED)
def test_what_ranks_the_results_of_a_table_is_said_with_the_labels_of_its_list(hit):
    rows = [row("r.a", {"late": 1}, {"level": "a"}), row("r.b", {}, {"level": "b"})]
    made = {**table("levels", ["late"], {}, rows, hit), "outputs": [LEVEL]}
    found = next(t for t in readable(definition(tables=[*data()["tables"], made])).tables if t.id == "levels")
    assert found.how.vi.endswith(f"{RANKED[hit][0]} Thứ tự của “Mức”: Nhóm b, Nhóm a.")
    assert found.how.en.endswith(f"{RANKED[hit][1]} Order of “Level”: Nhóm b, Nhóm a.")
    assert found.rows[0].sentence.vi.startswith("Khi “Số ngày quá hạn” là 1 ngày, thì “Mức” là Nhóm a (")


@pytest.mark.parametrize(
    ("hit", "vi", "en"),
    [
        ("collect_sum", "được cộng lại.", "are added up."),
        ("collect_min", "lấy kết quả nhỏ nhất.", "the least result counts."),
        ("collect_max", "lấy kết quả lớn nhất.", "the greatest result counts."),
        ("collect_count", "Đếm số dòng đúng.", "are counted."),
        ("rule_order", "theo thứ tự trong bảng.", "in the order of the table."),
    ],
)
def test_every_hit_policy_is_said(hit, vi, en):
    made = table("sums", ["late"], {"n": "int"}, [row("s.1", {"late": 1}, {"n": 1}), row("s.2", {}, {"n": 2})], hit)
    how = next(t.how for t in readable(definition(tables=[*data()["tables"], made])).tables if t.id == "sums")
    assert how.vi.endswith(vi)
    assert how.en.endswith(en)


@pytest.mark.parametrize(
    ("column", "given", "vi", "en"),
    [
        ({"type": "fixed", "scale": 2, "unit": "square_metre"}, "1234,5", "1.234,5 m²", "1,234.5 m²"),
        ({"type": "int", "unit": "page"}, 1, "1 trang", "1 page"),
        ({"type": "day"}, "2026-08-15", "15/08/2026", "15/08/2026"),
        ({"type": "codes", "list": "group"}, ["b", "a"], "Nhóm a, Nhóm b", "Nhóm a, Nhóm b"),
        ({"type": "codes", "list": "group"}, [], "không có", "none"),
        ({"id": "percent", "type": "fixed", "scale": 1}, "12,5", "giảm 12,5%", "12.5% off"),
    ],
)
def test_results_of_every_type_are_said_with_their_units_and_labels(column, given, vi, en):
    named = {"id": "out", **column}
    made = {**table("t", ["late"], {}, [row("r", {"late": 1}, {named["id"]: given})]), "outputs": [named]}
    found = next(t for t in readable(definition(tables=[*data()["tables"], made])).tables if t.id == "t")
    assert found.rows[0].results == (Text(vi, en),)


def test_a_reduction_with_decimals_is_said_of_its_charge():
    cuts = {
        **cut_table(row("cut.some", {"poor": True}, {"percent": "12,5"}), row("cut.all", {}, {"percent": 100})),
        "outputs": [{"id": "percent", "type": "fixed", "scale": 1}],
    }
    line = charge(cuts=[])
    said = rows(tables=[fee_table(), cuts, data()["tables"][2]], charges=[line])
    assert "“Mức giảm” là giảm 12,5%" in said["cut.some"].vi
    assert "“Mức giảm” là miễn toàn bộ" in said["cut.all"].vi


def test_a_table_over_the_rows_of_a_group_says_whose_rows_it_looks_at():
    group = {
        "id": "members",
        "kind": "group",
        "label": {"vi": "Nhân khẩu", "en": "Members"},
        "fields": [{"id": "age", "kind": "whole_number", "label": "Tuổi", "unit": "year"}],
    }
    made = table("aid", ["members.age"], {"n": "int"}, [row("aid.child", {"members.age": "< 16"}, {"n": 1})])
    parts = {"fields": [*data()["fields"], group], "tables": [*data()["tables"], made]}
    reading = readable(definition(**parts))
    found = next(t for t in reading.tables if t.id == "aid")
    assert found.each == Text("Xét riêng từng dòng của “Nhân khẩu”.", "Each row of “Members” is looked at by itself.")
    assert found.rows[0].sentence.vi.startswith("Khi “Tuổi” dưới 16 năm, thì “Bảng aid” là 1 (")
    assert "Each row of “Members” is looked at by itself." in spoken(reading, "en")


def test_a_table_says_which_formulas_and_conditions_read_its_outputs():
    made = table("level", ["late"], {"n": "int"}, [row("level.one", {"late": 1}, {"n": 1})])
    paper = {"code": "p", "label": "Giấy", "basis": {"document": "tt"}, "shown_when": {"level.n": "> 1"}}
    fact = {"id": "twice", "type": "int", "label": "Gấp đôi", "formula": "level.n * 2"}
    reading = readable(definition(tables=[*data()["tables"], made], facts=[fact], papers=[paper]))
    used = next(t.used_for for t in reading.tables if t.id == "level")
    assert [text.vi for text in used] == ["công thức “Gấp đôi”", "điều kiện của “Giấy”"]
    assert reading.facts[0].how.vi == "“Bảng level” × 2"


def test_the_bounds_of_a_day_are_said_beside_its_kind():
    met = {"id": "met", "kind": "day", "label": "Ngày gặp", "not_before": "today", "not_after": "today"}
    left = {"id": "left", "kind": "day", "label": "Ngày đi", "not_after": "today"}
    fields = readable(definition(fields=[*data()["fields"], met, left])).sections[0].fields
    assert fields[-1].limits == Text("không sau ngày khai", "not after the day the form is filled in")
    assert fields[-2].limits.vi == "không trước ngày khai, không sau ngày khai"


MEMBERS = {
    "id": "members",
    "kind": "group",
    "label": {"vi": "Thành viên", "en": "Members"},
    "fields": [{"id": "age", "kind": "whole_number", "label": "Tuổi", "unit": "year"}],
}
BY_MEMBER = {
    "for_each": "members",
    "when": {"members.age": ">= 60"},
    "round": {"to": 1000, "how": "up"},
    "floor": 100_000,
    "cap": 5_000_000,
    "cuts": [{"table": "cuts", "output": "percent", "most": 9_000}],
}


def test_bounds_that_hold_for_each_row_are_not_said_of_the_sum():
    said = charge(**BY_MEMBER)
    aid = {
        "id": "aid",
        "label": {"vi": "Trợ cấp hằng tháng"},
        "payee": "Người cao tuổi",
        "cap": 5_000_000,
        "amount": {"table": "fee", "output": "amount"},
        "for_each": "members",
    }
    reading = readable(definition(fields=[*data()["fields"], MEMBERS], charges=[said], payouts=[aid]))
    assert [each.vi.replace("\xa0", " ") for each in reading.charges[0].limits] == [
        "mỗi dòng của “Thành viên” chỉ có khi “Tuổi” ít nhất 60 năm",
        "mỗi dòng của “Thành viên” làm tròn lên đến bội số của 1.000 đ",
        "mỗi dòng của “Thành viên” không dưới 100.000 đ",
        "mỗi dòng của “Thành viên” không quá 5.000.000 đ",
        "với mỗi dòng của “Thành viên”, mức giảm theo bảng “Bảng cuts” không quá 9.000 đ",
    ]
    spoken_vi, spoken_en = (spoken(reading, language).replace("\xa0", " ") for language in ("vi", "en"))
    assert "“Trợ cấp hằng tháng” mỗi dòng của “Thành viên” không quá 5.000.000 đ." in spoken_vi
    assert "“Trợ cấp hằng tháng”: for each row of “Members” no more than 5,000,000 đ." in spoken_en
    assert "“Trợ cấp hằng tháng” không quá" not in spoken_vi


def test_reductions_that_are_added_up_for_each_row_say_so():
    stacked = {**BY_MEMBER, "combine": {"stack": True, "ceiling_percent": 80}}
    reading = readable(definition(fields=[*data()["fields"], MEMBERS], charges=[charge(**stacked)]))
    said = reading.charges[0].combined
    assert said
    assert said.vi.startswith("với mỗi dòng của “Thành viên”, các mức cùng áp dụng được cộng lại, tổng mức")
    assert said.en.startswith("for each row of “Members”, those that apply are added up")
