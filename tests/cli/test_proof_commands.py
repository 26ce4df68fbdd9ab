"""`run.py procedure boundaries` and `mutants`: what is to be looked at before a publication, by real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.importers import strict_yaml
from rules.codec import definition_from

ROOT = Path(__file__).parents[2]
HOUSEHOLD = ROOT / "samples" / "procedures" / "1.001612.yaml"
APPRAISAL = ROOT / "samples" / "procedures" / "2.001827.yaml"


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "procedure", *map(str, words)],
        capture_output=True, check=False, encoding="utf-8", timeout=60,
        env={"DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:1/none", "PATH": os.defpath},
    )  # fmt: skip


def test_boundaries_are_cases_ready_to_stand_in_the_definition(tmp_path):
    answer = run("boundaries", HOUSEHOLD)
    assert (answer.returncode, answer.stderr) == (0, "")
    tables = json.loads(answer.stdout)["tables"]
    assert [each["table"] for each in tables] == ["registration_fee", "time_limit"]
    ready = [case["case"] for each in tables for case in each["cases"]]
    data = {**strict_yaml.load(HOUSEHOLD.read_bytes()).data, "cases": ready}
    assert len(definition_from(data).cases) == 8
    file = tmp_path / "cùng tình huống.json"
    file.write_text(json.dumps(data, ensure_ascii=False, default=str), encoding="utf-8")
    assert run("cases", file).returncode == 0


def test_a_boundary_case_says_which_golden_case_lies_in_the_same_cells():
    fees = json.loads(run("boundaries", HOUSEHOLD).stdout)["tables"][0]
    covered = {case["name"]: case["covered_by"] for case in fees["cases"]}
    assert covered["Ngày tiếp nhận là 25/07/2026, cách nộp là Trực tiếp"] == "Nộp trực tiếp 100.000 đ"
    assert covered["Ngày tiếp nhận là 24/07/2026, cách nộp là Qua bưu chính"] is None
    assert set(fees) == {"table", "label", "summary", "pairs", "impossible", "left_out", "cases"}


def test_an_unnoticed_typing_error_makes_the_status_1_and_is_told_with_its_case():
    answer = run("mutants", APPRAISAL)
    tables = {each["table"]: each for each in json.loads(answer.stdout)["tables"]}
    assert answer.returncode == 1
    assert tables["not_met"]["unnoticed"][0] == {
        "row": "ground.not_met",
        "what": "Dòng “ground.not_met”: hiệu lực ghi “từ 02/07/2011” thay vì “từ 01/07/2011”.",
        "now": ["Thẩm định: bị từ chối (Cơ sở chưa đủ điều kiện an toàn thực phẩm theo kết quả thẩm định thực tế.)"],
        "would": ["Thẩm định: không có căn cứ từ chối"],
        "case": 0,
        "where": ["tables", 0, "rows", 0],
        "line": 48,
    }
    assert tables["not_met"]["cases"][0]["on"] == "2011-07-01"
    assert tables["appraisal_fee"]["unnoticed"] == []
    assert tables["appraisal_fee"]["total"] == tables["appraisal_fee"]["caught"] == 2


def test_the_two_commands_answer_the_same_every_time():
    for command in ("boundaries", "mutants"):
        assert run(command, APPRAISAL).stdout == run(command, APPRAISAL).stdout


@pytest.mark.parametrize("command", ["boundaries", "mutants"])
def test_a_definition_with_faults_is_refused_with_its_lines(command, tmp_path):
    file = tmp_path / "sai.yaml"
    file.write_text(APPRAISAL.read_text("utf-8").replace("hit: unique", "hit: uniqe", 1), encoding="utf-8")
    answer = run(command, file)
    found = json.loads(answer.stdout)
    assert (answer.returncode, found["tables"]) == (1, [])
    assert found["problems"][0]["line"] > 1
    assert run(command, tmp_path / "không có.yaml").returncode == 2


def test_registers_beside_the_definition_are_read_too(tmp_path):
    registers = tmp_path / "registers.yaml"
    registers.write_text("lists: {never_used: [{code: a, label: {vi: A}}]}\n", encoding="utf-8")
    answer = run("boundaries", HOUSEHOLD, "--registers", registers)
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["problems"][0]["severity"] == "warning"
