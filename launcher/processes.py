"""Children of the launcher: started so that none outlives it, stopped in order, and found again after a crash."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher.identity import die_with_parent

# Every child carries this in its environment; a later start recognises what an earlier one left behind.
MARK = "MOT_CUA_RUNS_IN"
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
                preexec_fn=before_exec,
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
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass  # nothing is left


def stop_leftovers(data: Path, folders: Sequence[Path], *, patience: float = 20) -> bool:
    """End every process that an earlier start in this data folder left; return whether there was any.

    PostgreSQL and Redis are known by the folder they work in, the others by the mark in their environment. The
    caller holds the deployment's lock, so none of them can belong to a living launcher.
    """
    left = leftovers(data, folders)
    if not left:
        return False
    for process in left:
        # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for its clients.
        send(process, signal.SIGINT if works_in(process, folders[:1]) else signal.SIGTERM)
    if not wait_until(lambda: not leftovers(data, folders), patience):
        for process in leftovers(data, folders):
            send(process, signal.SIGKILL)
        wait_until(lambda: not leftovers(data, folders), patience)
    return True


def leftovers(data: Path, folders: Sequence[Path]) -> list[int]:
    """Return the ids of the processes, other than us and our ancestors, that belong to this data folder."""
    spared = set(ancestry())
    return [pid for pid in process_ids() if pid not in spared and (works_in(pid, folders) or is_marked(pid, data))]


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


def works_in(pid: int, folders: Sequence[Path]) -> bool:
    """Tell whether the process's working folder is one of these."""
    try:
        return os.readlink(f"/proc/{pid}/cwd") in {str(folder.resolve()) for folder in folders}
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
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        pass


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
