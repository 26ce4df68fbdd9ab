"""`decide` prints the cases that apply and every paper with its code, need, counts and reasons."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.decide import GOOD, REFUSED, main

DEFINITION = """\
format: 1
code: "1.000001"
name: {vi: Thủ tục thử}
basis:
  law: {document: Luật mẫu 1/2026/QH16}
fields:
  - {id: new_name, kind: yes_no, label: Đổi tên}
  - {id: new_home, kind: yes_no, label: Đổi nơi ở}
  - {id: expires, kind: day, label: Ngày hết hạn}
  - id: plots
    kind: group
    label: Thửa đất
    fields: [{id: area, kind: whole_number, label: Diện tích, unit: square_metre}]
variants:
  - {id: name, label: Thay đổi tên, when: {new_name: true}, basis: {document: law, article: 3}}
  - {id: home, label: Thay đổi nơi ở, when: {new_home: true}, basis: {document: law, article: 4}}
papers:
  - {code: name_paper, label: Giấy đổi tên, shown_when: {variant: has name}, basis: {document: law, article: 3}}
  - {code: plot_paper, label: Giấy chứng nhận, for_each: plots, copies: 1, basis: {document: law, article: 5}}
  - code: card
    label: Thẻ
    valid: {when: {expires: ">= 2026-11-20"}, text: Thẻ hết hạn}
    basis: {document: law, article: 6}
notices:
  - {id: keep, text: Giữ mã hồ sơ}
"""
FACTS: dict[str, Any] = {
    "new_name": True,
    "new_home": True,
    "expires": "2027-01-01",
    "plots": [{"area": 100}, {"area": 7}],
}


@pytest.fixture
def decide(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Run the command on these facts; return its exit status and what it printed."""

    def run(definition: str = DEFINITION, **facts: Any) -> tuple[int, dict[str, Any]]:
        (tmp_path / "definition.yaml").write_text(definition, "utf-8")
        (tmp_path / "facts.json").write_text(json.dumps({**FACTS, **facts}), "utf-8")
        paths = [str(tmp_path / "definition.yaml"), "--facts", str(tmp_path / "facts.json")]
        status = main([*paths, "--on", "2026-11-20"])
        return status, json.loads(capsys.readouterr().out)

    return run


def test_the_cases_are_printed_with_their_reasons(decide):
    status, outcome = decide()
    assert status == GOOD
    assert [(case["code"], case["label"]) for case in outcome["cases"]] == [
        ("name", {"vi": "Thay đổi tên"}),
        ("home", {"vi": "Thay đổi nơi ở"}),
    ]
    assert outcome["cases"][1]["reasons"][0]["citation"] == "Điều 4 Luật mẫu 1/2026/QH16"


def test_papers_are_printed_with_their_counts_and_rows(decide):
    papers = {paper["code"]: paper for paper in decide()[1]["papers"]}
    shown = {key: papers["plot_paper"][key] for key in ("required", "originals", "copies")}
    assert shown == {"required": True, "originals": 2, "copies": 2}
    assert [row["row"] for row in papers["plot_paper"]["rows"]] == [1, 2]
    assert len(papers["plot_paper"]["reasons"]) == 2
    assert papers["name_paper"]["reasons"][0]["facts"][0]["rules"] == ["name", "home"]


def test_a_paper_that_is_not_valid_refuses_by_name(decide):
    status, outcome = decide(expires="2026-11-19")
    assert status == REFUSED
    assert [(problem["where"], problem["what"]) for problem in outcome["problems"]] == [
        (["papers", "card"], "Giấy tờ “Thẻ” không hợp lệ: Thẻ hết hạn")
    ]


def test_where_no_case_or_notice_is_defined_the_lists_are_empty(decide):
    plain = DEFINITION[: DEFINITION.index("variants:")]
    status, outcome = decide(plain)
    assert (status, outcome["cases"], outcome["notices"], outcome["papers"]) == (GOOD, [], [], [])
