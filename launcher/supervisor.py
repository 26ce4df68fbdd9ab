"""`make run`: start everything in order, say the address, watch, and stop everything in order."""

import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field

from config import PROJECT, Settings
from launcher.console import LauncherRefusal, both, complain, say
from launcher.identity import die_with_parent
from launcher.lock import deployment_lock, note
from launcher.prepared import is_prepared, note_prepared
from launcher.processes import Program, bound, end_group, end_marked, last_lines, wait_until
from launcher.services import Running, child_environment, postgres_of, redis_of, start_postgres, start_redis

MOST_WEB_WORKERS = 4
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
ROUND = 0.25


class Interrupted(Exception):  # noqa: N818  a wish of the person, not a fault
    """Somebody asked us to stop while we were starting."""


@dataclass
class Stop:
    """Whether somebody asked us to stop: Ctrl-C, TERM, a closed terminal, or the end of `make`.

    While things start the wish breaks off whatever we wait for; later the loop looks at it several times a second.
    """

    asked: bool = False
    starting: bool = False

    def install(self) -> None:
        """Listen to the signals that mean "stop"."""
        for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sent, self.hear)

    def hear(self, _sent: int, _frame: object) -> None:
        """Remember the wish; raise `Interrupted` once, and only during the start."""
        self.asked = True
        if self.starting:
            self.starting = False
            raise Interrupted

    @contextmanager
    def may_interrupt(self) -> Iterator[None]:
        """Let a stop break off this block."""
        if self.asked:
            raise Interrupted
        self.starting = True
        try:
            yield
        finally:
            self.starting = False


@dataclass
class Watched:
    """A child that is started again when it dies, each time after a longer pause."""

    start: Callable[[], Running]
    running: Running
    started: float = field(default_factory=time.monotonic)
    pause: float = 1.0
    again_at: float | None = None

    def look(self) -> None:
        """See whether it lives; start it again when its pause is over."""
        bound(self.running.program.log)
        if self.again_at is None:
            if self.running.child.poll() is not None:
                self.mourn()
        elif time.monotonic() >= self.again_at:
            self.revive()

    def mourn(self) -> None:
        """Note the death and set the pause: short after a long life, longer with each quick death."""
        program = self.running.program
        end_group(self.running.child)
        lived = time.monotonic() - self.started
        self.pause = 1.0 if lived > STEADY_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
        self.again_at = time.monotonic() + self.pause
        complain(both(f"! {program.name} đã dừng, sẽ chạy lại; xem {program.log}", f"{program.name} ended; restarting"))

    def revive(self) -> None:
        """Start it again; where that fails, wait longer."""
        try:
            self.running = self.start()
            self.again_at = None
        except LauncherRefusal as refusal:
            complain(str(refusal))
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
            self.again_at = time.monotonic() + self.pause
        self.started = time.monotonic()


def serve(settings: Settings, *, with_parent: bool = False) -> int:
    """Run the whole deployment until somebody stops it; return the exit code.

    `with_parent` ends it also when the process that started it is killed without a word.
    """
    stop = Stop()
    stop.install()
    if with_parent:
        end_with_parent(stop)
    settings.places.make()
    with deployment_lock(settings.places.lock) as ours:
        if not ours:
            raise LauncherRefusal(already_runs(settings))
        note(settings.places.lock, f"{os.getpid()} {settings.public_url}\n")
        end_marked(settings.data_dir)
        refuse_taken_port(settings)
        with suppress(Interrupted):  # asked to stop during the start: what had started is stopped already
            run_until_stopped(settings, stop)
        settings.places.forget_sockets()
    say("Đã dừng. Dữ liệu vẫn còn nguyên.", "stopped; all data are kept")
    return 0


def end_with_parent(stop: Stop) -> None:
    """Ask the kernel for TERM at the parent's end; where it ended before we asked, stop at once."""
    parent = os.getppid()
    die_with_parent(signal.SIGTERM)
    stop.asked = os.getppid() != parent


def already_runs(settings: Settings) -> str:
    """Return the sentence for a second start in one folder."""
    known = settings.places.lock.read_text(encoding="utf-8").split()
    pid, address = known if len(known) == 2 else ("?", settings.public_url)
    return both(
        f"Chương trình đang chạy sẵn ở {address} (tiến trình {pid}). Dừng nó bằng Ctrl-C ở cửa sổ kia rồi chạy lại.",
        "it already runs in this folder",
    )


def refuse_taken_port(settings: Settings) -> None:
    """Refuse before anything starts where the port cannot be had."""
    with closing(socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
            trial.listen(1)
        except OSError as error:
            other = settings.port + 1 if 1024 <= settings.port < 65535 else 8081
            raise LauncherRefusal(
                both(
                    f"Cổng {settings.port} đang được chương trình khác dùng hoặc không được phép dùng. "
                    f"Hãy chọn cổng khác, ví dụ: PORT={other} make run",
                    f"port {settings.port} cannot be used: {error.strerror}",
                )
            ) from error


def run_until_stopped(settings: Settings, stop: Stop) -> None:
    """Start everything, tell the person, and watch until a stop is asked for."""
    began = time.monotonic()
    with ExitStack() as until_end:
        with stop.may_interrupt():
            watched = start_all(settings, until_end)
            welcome(settings, time.monotonic() - began)
        while not stop.asked:
            for one in watched:
                one.look()
            time.sleep(ROUND)
        say("\n• Đang dừng…", "stopping")


def start_all(settings: Settings, until_end: ExitStack) -> list[Watched]:
    """Start everything in order and wait for the web server; `until_end` stops it in reverse order."""
    watched = [until_end.enter_context(kept(start)) for start in store_starts(settings)]
    see_prepared(settings)
    say("• Khởi động máy chủ web và tiến trình nền…", "starting the web server and the worker")
    web, *background = application_programs(settings)
    watched += until_end.enter_context(kept_together([web]))
    wait_for_web(settings, watched)
    # Only now: each of them loads the whole application, and people wait for the pages first.
    watched += until_end.enter_context(kept_together(background))
    return watched


def store_starts(settings: Settings) -> Iterator[Callable[[], Running]]:
    """Yield how to start each private store that this deployment needs; said when its turn comes."""
    if settings.demo:
        say("• Khởi động PostgreSQL riêng…", "starting the private PostgreSQL")
        yield lambda: start_postgres(postgres_of(settings))
    if settings.embedded_redis:
        say("• Khởi động Redis riêng…", "starting the private Redis")
        yield lambda: start_redis(redis_of(settings))


@contextmanager
def kept(start: Callable[[], Running]) -> Iterator[Watched]:
    """Start a child, have it watched, and stop it at the end."""
    one = Watched(start, start())
    try:
        yield one
    finally:
        one.running.stop()


@contextmanager
def kept_together(programs: Sequence[Program]) -> Iterator[list[Watched]]:
    """Start children that do not need each other; at the end ask all at once, then wait for each."""
    watched: list[Watched] = []
    try:
        watched.extend(started(program) for program in programs)
        yield watched
    finally:
        for one in watched:
            if one.running.child.poll() is None:
                one.running.child.send_signal(one.running.program.stop_signal)
        for one in watched:
            one.running.stop()


def started(program: Program) -> Watched:
    """Start a program that needs no waiting for."""

    def start() -> Running:
        return Running(program, program.start())

    return Watched(start, start())


def see_prepared(settings: Settings) -> None:
    """Prepare the database, unless it is our own and the same code has done so before."""
    server = postgres_of(settings) if settings.demo else None
    if server is not None and is_prepared(settings, server):
        return
    say("• Cập nhật cấu trúc dữ liệu và dữ liệu mẫu…", "migrating, loading the sample province")
    prepare(settings)
    if server is not None:
        note_prepared(settings, server)


def prepare(settings: Settings) -> None:
    """Run `run.py prepare` to its end; raises `LauncherRefusal` with its last lines where it fails."""
    log = settings.places.logs / "prepare.log"
    bound(log)
    program = python_program(settings, "prepare", [PROJECT / "run.py", "prepare"])
    child = program.start()
    try:
        child.wait()
    finally:
        Running(program, child).stop()
    if child.returncode != 0:
        raise LauncherRefusal(both("Không chuẩn bị được dữ liệu", "prepare failed") + ":\n" + last_lines(log, 30))


def application_programs(settings: Settings) -> list[Program]:
    """Return the web server, the worker and beat."""
    cores = len(os.sched_getaffinity(0))
    web = [
        "-m", "granian", "--interface", "wsgi", "--host", settings.host, "--port", str(settings.port),
        "--workers", str(min(cores, MOST_WEB_WORKERS)), "--blocking-threads", "1", "--backlog", "1024", "--no-ws",
        "--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "5", "--log-level", "warning",
        "run:app",
    ]  # fmt: skip
    jobs = ["-m", "celery", "--app", "run:celery"]
    worker = [
        *jobs, "worker", "--pool", "prefork", "--concurrency", str(min(cores, 2)), "--loglevel", "WARNING",
        "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    beat = [*jobs, "beat", "--schedule", str(settings.places.beat), "--pidfile", "", "--loglevel", "WARNING"]
    return [
        python_program(settings, name, arguments)
        for name, arguments in (("web", web), ("worker", worker), ("beat", beat))
    ]


def python_program(settings: Settings, name: str, arguments: Sequence[object]) -> Program:
    """Return a Python child of this deployment, with a log of its own."""
    return Program(
        name,
        [sys.executable, *(str(part) for part in arguments)],
        settings.places.logs / f"{name}.log",
        PROJECT,
        {**child_environment(settings), "PYTHONUNBUFFERED": "1"},
    )


def wait_for_web(settings: Settings, watched: Sequence[Watched], seconds: float = 60) -> None:
    """Wait until the web server answers; raises `LauncherRefusal` with the end of its log where it does not."""
    web = next(one.running for one in watched if one.running.program.name == "web")
    if not wait_until(lambda: web.child.poll() is not None or answers(settings), seconds) or web.child.poll():
        raise LauncherRefusal(
            both("Máy chủ web không khởi động được", "the web server did not start")
            + ":\n"
            + last_lines(web.program.log, 30)
        )


def answers(settings: Settings) -> bool:
    """Tell whether `/healthz` says 200."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  asked, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def welcome(settings: Settings, seconds: float) -> None:
    """Say where it runs and, for a trial, who may log in."""
    say(f"\nMột cửa đang chạy tại {settings.public_url} (sẵn sàng sau {seconds:.1f} giây).", "ready")
    accounts = settings.places.demo_accounts
    if settings.demo and accounts.exists():
        say(accounts.read_text(encoding="utf-8").rstrip())
    say(f"Nhật ký: {settings.places.logs}. Nhấn Ctrl-C để dừng.", "Ctrl-C stops it")
