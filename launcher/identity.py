"""As whom PostgreSQL runs. It refuses to run as root, so root needs a way to start it that opens nothing to others.

First way: inside a user namespace where root outside is an unprivileged account inside. Files stay root's, so a
folder that only root may enter works and no mode changes. Second way, where the kernel refuses namespaces: as the
owner of the project's folder or as `nobody`, if that account can reach the binaries and the data.
"""

import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from launcher.console import LauncherRefusal, both

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
# Loaded before any fork: the child between fork and exec must not import or allocate more than it needs.
LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent(sent: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this signal to us when the process that started us ends, however it ends."""
    LIBC.prctl(PR_SET_PDEATHSIG, int(sent), 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Identity:
    """How a child becomes the account that PostgreSQL runs as, and who then owns its files seen from here."""

    name: str
    owner: int
    group: int
    become: Callable[[], None]

    def take(self, folder: Path) -> None:
        """Give this folder, with everything in it, to the account; nothing is done where it already owns it."""
        if os.getuid() != 0 or folder.stat().st_uid == self.owner:
            return
        for root, _, files in os.walk(folder):
            os.chown(root, self.owner, self.group)
            for name in files:
                os.chown(os.path.join(root, name), self.owner, self.group, follow_symlinks=False)

    def reaches(self, program: Path, folder: Path) -> bool:
        """Tell whether this account can run the program and work in the folder; tried, not guessed."""
        attempt = ["/bin/sh", "-c", '"$1" --version && cd "$2" && : > .reach && rm .reach', "sh", program, folder]
        try:
            done = subprocess.run(  # noqa: S603
                attempt, preexec_fn=self.become, capture_output=True, timeout=20, check=False, cwd="/"
            )
        except (subprocess.SubprocessError, OSError):
            return False
        return done.returncode == 0


def ourselves() -> Identity:
    """Return the ordinary account that runs this program."""
    return Identity("self", os.getuid(), os.getgid(), lambda: None)


def namespaced() -> Identity:
    """Return root seen through a user namespace as an unprivileged account that has a name (initdb asks for one)."""
    inside = unprivileged_account().pw_uid
    return Identity("namespace", 0, 0, lambda: enter_namespace(inside))


def enter_namespace(inside: int) -> None:
    """Move this process into a new user namespace; runs in the child between fork and exec."""
    outside = os.getuid(), os.getgid()
    if LIBC.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for file, text in (
        ("setgroups", b"deny"),
        ("uid_map", f"{inside} {outside[0]} 1".encode()),
        ("gid_map", f"{inside} {outside[1]} 1".encode()),
    ):
        handle = os.open(f"/proc/self/{file}", os.O_WRONLY)
        os.write(handle, text)
        os.close(handle)


def account(entry: pwd.struct_passwd) -> Identity:
    """Return an account of this machine that root turns into."""

    def become() -> None:
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)

    return Identity(entry.pw_name, entry.pw_uid, entry.pw_gid, become)


def unprivileged_account() -> pwd.struct_passwd:
    """Return `nobody`, or the first account that is not root."""
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        return next(entry for entry in pwd.getpwall() if entry.pw_uid != 0)


def candidates(project: Path) -> list[Identity]:
    """Return the ways to run PostgreSQL here, the best first."""
    if os.getuid() != 0:
        return [ourselves()]
    owner = project.stat().st_uid
    named = [entry for entry in pwd.getpwall() if entry.pw_uid == owner and owner != 0]
    return [namespaced(), *(account(entry) for entry in [*named, unprivileged_account()])]


def identity_for(program: Path, folder: Path, ways: list[Identity]) -> Identity:
    """Return the first way in which the program runs and the folder can be worked in, and give it the folder.

    Raises `LauncherRefusal` where there is none.
    """
    before = folder.stat()
    for way in ways:
        # Only the folder itself: its contents follow once the way is known to work.
        if os.getuid() == 0:
            os.chown(folder, way.owner, way.group)
        if way.reaches(program, folder):
            if os.getuid() == 0:
                os.chown(folder, before.st_uid, before.st_gid)
            way.take(folder)
            return way
    if os.getuid() == 0:
        os.chown(folder, before.st_uid, before.st_gid)
    raise LauncherRefusal(
        both(
            f"Không chạy được PostgreSQL riêng trong {folder}: máy không cho root dùng tài khoản thường ở đây. "
            "Hãy chạy bằng một tài khoản thường, hoặc đặt DATABASE_URL tới một máy chủ PostgreSQL.",
            "the private PostgreSQL cannot run here as an unprivileged account; "
            "use an ordinary account or set DATABASE_URL",
        )
    )
