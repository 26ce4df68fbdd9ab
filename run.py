"""The one command of the program, and the two objects that servers load.

`python run.py [serve]` runs everything; the other commands are listed by `python run.py help`. Nothing is built at
import: `granian run:app` builds the web application and `celery --app run:celery worker` the job runner when they
ask for it, and `python run.py clock`, `decide` and `procedure` never touch a database.
"""

import signal
import sys
from collections.abc import Sequence

from launcher.console import LauncherRefusal, complain, say

USAGE = """Cách dùng (usage): python run.py [lệnh]

  serve       chạy toàn bộ chương trình (mặc định; --die-with-parent: dừng theo tiến trình gọi)
  worker      chỉ chạy tiến trình nền
  prepare     cập nhật cấu trúc dữ liệu, quyền và dữ liệu mẫu; chạy lại không đổi gì
  demo        thêm hồ sơ mẫu số lượng lớn vào bản dùng thử, để thử và đo
  decide      tính kết quả của một thủ tục từ tệp định nghĩa, không cần cơ sở dữ liệu
  clock       tính hạn của một hồ sơ từ thời hạn và các sự kiện, không cần cơ sở dữ liệu
  procedure   đọc tệp định nghĩa bằng lời (say), chạy tình huống mẫu (cases), chứng minh (check), so hai bản (diff), in
              tình huống biên (boundaries) và lỗi gõ không ai nhận ra (mutants), không cần cơ sở dữ liệu
  bench       đo tốc độ các trang và bộ quy tắc
  bench-large đo các trang trên dữ liệu mẫu số lượng lớn của lệnh demo
  bench-rules đo tốc độ bộ quy tắc, so với các bộ khác, không cần cơ sở dữ liệu

Thêm --help sau lệnh để xem tham số."""
WITHOUT_DATABASE = ("bench-rules", "clock", "decide", "procedure")
WITH_DATABASE = ("prepare", "demo", "bench", "bench-large")


def main(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code (2 where the command or the settings cannot be used)."""
    command, *rest = arguments or ["serve"]
    if command in {"help", "--help", "-h"}:
        say(USAGE)
        return 0
    if command in WITHOUT_DATABASE:
        return of_application(command, rest)
    if command not in {"serve", "worker", *WITH_DATABASE}:
        complain(f"Không có lệnh {command} (no such command).\n\n{USAGE}")
        return 2
    return with_settings(command, rest)


def of_application(command: str, rest: Sequence[str]) -> int:
    """Run a command of the application."""
    from app import cli  # noqa: PLC0415  the application is loaded for its own commands only

    return cli.main([command, *rest])


def with_settings(command: str, rest: Sequence[str]) -> int:
    """Run a command that needs a deployment; a setting that cannot be used, or a refusal, is one sentence."""
    from config import UnusableSettingsError, settings  # noqa: PLC0415

    try:
        here = settings()
        if command == "serve":
            return serve(rest)
        from launcher.services import services  # noqa: PLC0415

        with services(here):
            return worker(rest) if command == "worker" else in_database(command, rest)
    except UnusableSettingsError as problem:
        complain(str(problem))
        return 2
    except LauncherRefusal as refusal:
        complain(str(refusal))
        return 1
    except PermissionError as problem:
        complain(
            f"Tài khoản này không được dùng {problem.filename}: tệp thuộc tài khoản khác đã chạy chương trình ở đây. "
            "Hãy chạy lại bằng tài khoản đó hoặc đổi chủ thư mục var (owned by another account)."
        )
        return 1
    except KeyboardInterrupt:
        complain("Đã dừng (stopped).")
        return 128 + signal.SIGINT


def serve(rest: Sequence[str]) -> int:
    """Run the whole deployment."""
    from config import settings  # noqa: PLC0415
    from launcher.supervisor import serve as run_all  # noqa: PLC0415

    if unknown := [word for word in rest if word != "--die-with-parent"]:
        complain(f"Không hiểu tham số {unknown[0]} (unknown option).\n\n{USAGE}")
        return 2
    return run_all(settings(), with_parent=bool(rest))


def worker(rest: Sequence[str]) -> int:
    """Run the job runner in this process, with Celery's own options."""
    build_celery().worker_main(["worker", "--loglevel", "WARNING", *rest])
    return 0


def in_database(command: str, rest: Sequence[str]) -> int:
    """Run a command of the application whose database runs; `prepare` and `demo` first see to the roles."""
    from config import settings  # noqa: PLC0415
    from launcher.roles import settle_roles  # noqa: PLC0415

    if command in {"prepare", "demo"}:
        settle_roles(settings())
    return of_application(command, rest)


def build_app():  # noqa: ANN201  Flask, named where it is made
    """Build the web application of this deployment."""
    from app.factory import create_app  # noqa: PLC0415
    from config import settings  # noqa: PLC0415
    from launcher.identity import die_with_parent  # noqa: PLC0415

    here = settings()
    if here.supervised:
        # A worker of a killed web server would keep the port.
        die_with_parent(signal.SIGKILL)
    return create_app(here)


def build_celery():  # noqa: ANN201  Celery, named where it is made
    """Build the job runner of this deployment."""
    from celery.signals import worker_process_init  # noqa: PLC0415

    from app.factory import create_worker  # noqa: PLC0415
    from config import settings  # noqa: PLC0415
    from launcher.identity import die_with_parent  # noqa: PLC0415

    here = settings()
    if here.supervised:
        worker_process_init.connect(lambda **_: die_with_parent(signal.SIGKILL), weak=False)
    return create_worker(here)


BUILT: dict[str, object] = {}
BUILDERS = {"app": build_app, "celery": build_celery}


def __getattr__(name: str) -> object:
    """Build `app` or `celery` at the first use."""
    if name not in BUILDERS:
        raise AttributeError(name)
    if name not in BUILT:
        BUILT[name] = BUILDERS[name]()
    return BUILT[name]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
