"""One launcher at a time in one data folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def deployment_lock(file: Path) -> Iterator[bool]:
    """Hold the lock of a deployment and give True; give False where another process holds it.

    The kernel frees the lock when its holder ends, however it ends, so a lock is never stale.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield taken(handle)
    finally:
        os.close(handle)


def taken(handle: int) -> bool:
    """Take the lock of this open file; return whether it was free."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def note(file: Path, text: str) -> None:
    """Leave word in the lock file for whoever finds it locked."""
    file.write_text(text, encoding="utf-8")
