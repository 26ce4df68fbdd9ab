"""Children of the launcher: started so that none outlives it, stopped in order, and found again after a crash."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from config import MARK
from launcher.identity import die_with_parent

LARGEST_LOG = 4 * 1024 * 1024
STEP = 0.05


@dataclass(frozen=True, slots=True)
class Program:
    """One child: what runs, where, and how it is asked to end."""

    name: str
    command: Sequence[str | Path]
    log: Path
    cwd: Path
    environment: Mapping[str, str]
    stop_signal: int = signal.SIGTERM
    grace_seconds: float = 8
    become: Callable[[], None] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        """Start the child in a process group of its own; it is told to end when we end, even by kill -9."""

        def before_exec() -> None:
            if self.become is not None:
                self.become()
            # After the change of account: the kernel forgets the wish when the account changes.
            die_with_parent(self.stop_signal)

        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                [str(part) for part in self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.cwd,
                env=dict(self.environment),
                start_new_session=True,
                preexec_fn=before_exec,  # noqa: PLW1509  the launcher has one thread
            )


def stop(child: subprocess.Popen[bytes], program: Program) -> None:
    """Ask the child to end, wait, and end what is left of its group by force."""
    if child.poll() is None:
        child.send_signal(program.stop_signal)
        try:
            child.wait(program.grace_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
    end_group(child)
    child.wait()


def end_group(child: subprocess.Popen[bytes]) -> None:
    """End by force whatever the child left in its process group."""
    with suppress(ProcessLookupError, PermissionError):  # nothing is left
        os.killpg(child.pid, signal.SIGKILL)


def end_all_in(folder: Path, sent: int) -> bool:
    """End every process that works in this folder, as PostgreSQL and Redis do; return whether there was any.

    For servers that a killed launcher left: the caller holds the deployment's lock, so no living launcher owns them.
    """
    return end_all(lambda pid: works_in(pid, folder), sent)


def end_marked(data: Path) -> bool:
    """End every process that an earlier launcher of this data folder started; return whether there was any."""
    return end_all(lambda pid: is_marked(pid, data), signal.SIGTERM)


def end_all(belongs: Callable[[int], bool], sent: int, *, patience: float = 6) -> bool:
    """End the processes that belong, politely first; never ourselves or an ancestor.

    A server that cannot end within the patience (seconds), such as one asked in the middle of its own recovery, is
    killed: it recovers at the next start all the same, and a start must not wait for it.
    """

    def left() -> list[int]:
        spared = set(ancestry())
        return [pid for pid in process_ids() if pid not in spared and belongs(pid)]

    found = left()
    for pid in found:
        send(pid, sent)
    if found and not wait_until(lambda: not left(), patience):
        for pid in left():
            send(pid, signal.SIGKILL)
        wait_until(lambda: not left(), patience)
    return bool(found)


def process_ids() -> Iterator[int]:
    """Yield the id of every living process; the dead that nobody has waited for do not count."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and state_of(int(entry.name)) not in {"", "Z", "X"}:
            yield int(entry.name)


def stat_fields(pid: int) -> list[str]:
    """Return what /proc tells of a process after its name, or nothing when it is gone."""
    try:
        # The name may hold spaces and brackets; everything after the last bracket is plain.
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def state_of(pid: int) -> str:
    """Return the kernel's letter for what the process does, or nothing when it is gone."""
    return (stat_fields(pid) or [""])[0]


def ancestry() -> Iterator[int]:
    """Yield our own process id and those of our ancestors."""
    pid = os.getpid()
    while pid > 1:
        yield pid
        pid = int((stat_fields(pid) or ["", "0"])[1])


def works_in(pid: int, folder: Path) -> bool:
    """Tell whether this is the process's working folder."""
    try:
        return os.readlink(f"/proc/{pid}/cwd") == str(folder.resolve())
    except OSError:
        return False  # another account's process, or gone meanwhile


def is_marked(pid: int, data: Path) -> bool:
    """Tell whether the process was started by the launcher of this data folder."""
    try:
        return f"{MARK}={data}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False


def send(pid: int, what: int) -> None:
    """Send a signal to a process that may be gone already."""
    with suppress(ProcessLookupError):
        os.kill(pid, what)


def wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait until this holds; return whether it did in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(STEP)
    return True


def bound(log: Path) -> None:
    """Keep a log file within its size: the full one becomes `.1`, and writing goes on in the emptied file."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        # Copied and emptied, not renamed: the child holds the file open and appends.
        shutil.copyfile(log, log.with_name(log.name + ".1"))
        os.truncate(log, 0)


def last_lines(log: Path, count: int = 12) -> str:
    """Return the end of a log file."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return "\n".join(lines[-count:])
