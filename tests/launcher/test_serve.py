"""`run.py serve`: it starts, survives every kind of kill, loses nothing, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import stat
import tempfile
from pathlib import Path

import pytest

from config import settings_from
from launcher.processes import state_of, wait_until
from launcher.testing import TestServices

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the launcher needs Linux")


def ended(deployment, seconds=20):
    return wait_until(lambda: not deployment.processes(), seconds)


def test_it_answers_says_the_accounts_and_stops_on_ctrl_c_without_leaving_a_child(deployment):
    program = deployment.serving()
    assert deployment.get("/add") == "1"
    assert f"http://127.0.0.1:{deployment.port}" in deployment.said
    assert "canbo / mat-khau-mau" in deployment.said
    for word in ("celery", "granian", "redis-server", "bin/postgres"):
        assert deployment.named(word), word
    program.send_signal(signal.SIGINT)
    assert program.wait(20) == 0
    assert not deployment.processes()
    assert not deployment.answers()


def test_only_its_owner_can_read_the_keys_and_the_data(deployment):
    deployment.serving()
    for private in ("secrets", "secrets/embedded.json", "postgres", "redis", "run", "log"):
        assert stat.S_IMODE((deployment.data / private).stat().st_mode) & 0o077 == 0, private


def test_term_during_the_start_ends_with_code_zero_and_leaves_nothing(deployment):
    program = deployment.serve()
    assert wait_until(lambda: "PostgreSQL" in deployment.said, 20)
    program.terminate()
    assert program.wait(30) == 0
    assert not deployment.processes()


def test_after_kill_9_of_everything_a_start_finds_every_row(deployment):
    deployment.serving()
    rows = [deployment.get("/add") for _ in range(3)][-1]
    deployment.kill_everything()
    assert ended(deployment)
    deployment.serving()
    assert deployment.get("/healthz") == rows == "3"


def test_when_only_the_supervisor_is_killed_no_child_survives_and_nothing_is_lost(deployment):
    program = deployment.serving()
    deployment.get("/add")
    program.kill()
    program.wait()
    assert ended(deployment), deployment.processes()
    deployment.serving()
    assert deployment.get("/healthz") == "1"


def test_a_later_start_prepares_again_only_for_other_code_or_another_database(deployment):
    preparing = "Cập nhật cấu trúc dữ liệu"
    for prepares, change in (
        (True, None),
        (False, None),
        (True, lambda: (deployment.folder / "app" / "more.py").write_text("")),
        (True, lambda: shutil.rmtree(deployment.data / "postgres")),
    ):
        if change:
            change()
        program = deployment.serving()
        assert (preparing in deployment.said) == prepares
        assert deployment.get("/add")
        program.terminate()
        assert program.wait(20) == 0


def test_a_start_right_after_a_kill_waits_for_what_still_runs(deployment):
    program = deployment.serving()
    deployment.get("/add")
    program.kill()
    program.wait()
    deployment.serving()
    assert deployment.get("/healthz") == "1"


def test_a_killed_web_server_and_a_killed_database_come_back_by_themselves(deployment):
    deployment.serving()
    deployment.get("/add")
    for word in ("granian", "bin/postgres -D"):
        oldest = min(deployment.named(word))  # the parent of the others
        os.kill(oldest, signal.SIGKILL)
        assert wait_until(lambda gone=oldest: state_of(gone) in {"", "Z"}, 10)
    assert wait_until(deployment.answers, 40), deployment.said
    assert "web đã dừng, sẽ chạy lại" in deployment.said
    assert "postgres đã dừng, sẽ chạy lại" in deployment.said
    assert deployment.get("/healthz") == "1"


def test_it_ends_when_the_process_that_started_it_is_killed(deployment):
    shell = deployment.serve("--die-with-parent", prefix=("/bin/sh", "-c", '"$@"; exit 0', "sh"))
    assert wait_until(lambda: "Ctrl-C" in deployment.said, 60), deployment.said
    shell.kill()
    shell.wait()
    assert ended(deployment), deployment.processes()


def test_a_taken_port_is_said_before_anything_starts(deployment):
    with socket.socket() as other:
        other.bind(("127.0.0.1", deployment.port))
        other.listen()
        answer = deployment.command("serve")
    assert answer.returncode == 1
    assert f"Cổng {deployment.port} đang được chương trình khác dùng" in answer.stderr
    assert f"PORT={deployment.port + 1} make run" in answer.stderr
    assert not (deployment.data / "postgres").exists()


def test_a_second_start_in_the_same_folder_is_told_that_it_runs(deployment):
    deployment.serving()
    answer = deployment.command("serve")
    assert answer.returncode == 1
    assert f"đang chạy sẵn ở http://127.0.0.1:{deployment.port}" in answer.stderr
    assert deployment.answers()


def test_a_command_uses_the_services_that_run_and_starts_them_where_none_run(deployment):
    assert deployment.command("prepare").returncode == 0
    assert not deployment.processes()
    deployment.serving()
    assert deployment.command("prepare").returncode == 0
    assert deployment.answers()


def test_it_runs_in_a_folder_too_deep_for_a_socket(deep_deployment):
    settings = settings_from({"DATA_DIR": str(deep_deployment.data)})
    assert len(str(deep_deployment.data / "run" / ".s.PGSQL.5432")) > 108
    assert settings.places.sockets.parent == Path(tempfile.gettempdir())
    program = deep_deployment.serving()
    assert deep_deployment.get("/add") == "1"
    assert stat.S_IMODE(settings.places.sockets.stat().st_mode) == 0o700
    program.terminate()
    assert program.wait(20) == 0
    assert not settings.places.sockets.exists()


def test_decide_needs_neither_a_database_nor_a_setting(deployment):
    deployment.extra["DATABASE_URL"] = "postgresql://nobody:nothing@127.0.0.1:1/none"
    answer = deployment.command("decide", "2.000815.yaml")
    assert (answer.returncode, answer.stdout) == (0, "no database: decide 2.000815.yaml")
    assert not deployment.data.exists()


def test_an_unknown_command_lists_the_commands(deployment):
    answer = deployment.command("sevre")
    assert answer.returncode == 2
    assert "Không có lệnh sevre" in answer.stderr
    assert "prepare" in answer.stderr


def test_a_database_that_does_not_answer_is_said_in_one_sentence(deployment):
    deployment.extra |= {
        "DATABASE_URL": "postgresql://owner:x@127.0.0.1:1/none",
        "SECRET_KEY": "k" * 40,
        "PERSONAL_DATA_KEY": "p" * 40,
    }
    answer = deployment.command("prepare")
    assert answer.returncode == 1
    assert "Không kết nối được cơ sở dữ liệu ở DATABASE_URL" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_with_a_server_of_ones_own_no_private_postgres_is_started(deployment):
    with TestServices.from_environment(os.environ) as server:
        deployment.extra |= {
            "DATABASE_URL": server.owner_url,
            "APP_DATABASE_URL": server.app_url,
            "REDIS_URL": server.redis_url,
            "SECRET_KEY": "k" * 40,
            "PERSONAL_DATA_KEY": "p" * 40,
        }
        program = deployment.serving()
        assert deployment.get("/add") == "1"
        assert "mat-khau-mau" not in deployment.said
        assert not list(deployment.data.glob("postgres*")) + list(deployment.data.glob("redis*"))
        program.terminate()
        assert program.wait(20) == 0


def test_data_of_another_account_is_refused_in_one_sentence(deployment):
    (deployment.folder / "sitecustomize.py").write_text(
        "import pathlib\n"
        "def denied(*_, **__): raise PermissionError(13, 'Permission denied', 'var/log')\n"
        "pathlib.Path.mkdir = denied\n"
    )
    deployment.extra["PYTHONPATH"] = str(deployment.folder)
    answer = deployment.command("serve")
    assert answer.returncode == 1
    assert "Tài khoản này không được dùng" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_data_folder_made_by_a_newer_server_is_refused(deployment):
    assert deployment.command("prepare").returncode == 0
    (deployment.data / "postgres" / "PG_VERSION").write_text("99\n")
    answer = deployment.command("prepare")
    assert answer.returncode == 1
    assert "PostgreSQL 99" in answer.stderr


def test_help_lists_the_commands(deployment):
    assert deployment.command("help").stdout.startswith("Cách dùng")
