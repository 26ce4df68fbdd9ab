"""A cell for dangerous files: they are read in a process of their own with bounded memory and time.

Limits on a file's container cannot bound what its parser makes of it (a sheet of millions of empty cells unpacks to
gigabytes of objects), so the parser runs where running out hurts nobody.
"""

import resource
import subprocess
import sys
from pathlib import Path

MEMORY = 1536 * 1024 * 1024
"""Bytes of address space; the largest genuine export needs a tenth."""
SECONDS = 40
"""Of processor time; five more on the wall. Less than a job's lease."""

_PROJECT = Path(__file__).resolve().parents[2]


class GaveUpError(Exception):
    """The process used up its memory or time, or died."""


def answer_of(module: str, content: bytes) -> bytes:
    """Run `python -m module` confined, give it the content on its input, and return what it wrote to its output.

    Raises `GaveUpError` when it ended otherwise than well. The module calls `confine` before it reads.
    """
    try:
        # The program and its argument are our own; only the content on its input is a stranger's.
        ended = subprocess.run(  # noqa: S603
            [sys.executable, "-X", "utf8", "-W", "ignore", "-m", module, str(MEMORY), str(SECONDS)],
            input=content,
            capture_output=True,
            cwd=_PROJECT,
            env={"PYTHONPATH": str(_PROJECT)},
            timeout=SECONDS + 5,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise GaveUpError("out of time") from late
    if ended.returncode != 0:
        raise GaveUpError(f"ended with {ended.returncode}")
    return ended.stdout


def confine() -> None:
    """Bound this process for the rest of its life: memory and processor time as told, and no file written at all."""
    memory, seconds = (int(limit) for limit in sys.argv[1:3])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
