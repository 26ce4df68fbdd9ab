"""Where one deployment keeps its things: everything below one data folder."""

import hashlib
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from launcher.console import LauncherRefusal, both

# sockaddr_un holds 108 bytes; the longest name put below the folder is ".s.PGSQL.5432.lock" and a slash.
LONGEST_SOCKET_FOLDER = 80


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and files of one deployment."""

    data: Path
    temporary: Path = Path("/tmp")  # noqa: S108  only the parent of a private folder, see `private_folder`

    @property
    def postgres(self) -> Path:
        """The data folder of the embedded PostgreSQL."""
        return self.data / "postgres"

    @property
    def redis(self) -> Path:
        """The folder of the private Redis."""
        return self.data / "redis"

    @property
    def logs(self) -> Path:
        """The folder of the log files."""
        return self.data / "log"

    @property
    def secrets(self) -> Path:
        """The file of generated keys and passwords, readable by its owner only."""
        return self.data / "secrets" / "embedded.json"

    @property
    def lock(self) -> Path:
        """The file whose lock says that this deployment runs."""
        return self.data / "run.lock"

    @property
    def beat(self) -> Path:
        """The schedule file of Celery beat."""
        return self.data / "beat-schedule"

    @property
    def prepared(self) -> Path:
        """The note of which code prepared which database."""
        return self.data / "prepared"

    @property
    def demo_accounts(self) -> Path:
        """The text that shows the demo accounts after the start; written by `prepare`."""
        return self.data / "demo-accounts.txt"

    @property
    def sockets(self) -> Path:
        """The folder of the unix sockets: in the data folder, or a short private one where that path is too long.

        The answer depends on the path and the account only, so every command finds the same sockets.
        """
        below = self.data / "run"
        if len(os.fsencode(below)) <= LONGEST_SOCKET_FOLDER:
            return below
        mark = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return self.temporary / f"mot-cua-{os.getuid()}-{mark}"

    @property
    def redis_socket(self) -> Path:
        """The unix socket of the private Redis."""
        return self.sockets / "redis.sock"

    def make(self) -> None:
        """Make the folders, readable by their owner only."""
        self.data.mkdir(parents=True, exist_ok=True)
        for folder in (self.sockets, self.logs, self.secrets.parent):
            private_folder(folder)

    def forget_sockets(self) -> None:
        """Remove the folder of the sockets where it lies outside the data folder; nothing stays behind."""
        if self.sockets.parent != self.data:
            shutil.rmtree(self.sockets, ignore_errors=True)


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter; refuse one that somebody else laid there first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or (os.getuid() != 0 and facts.st_uid != os.getuid()) or facts.st_mode & 0o077:
        raise LauncherRefusal(
            both(
                f"Thư mục {folder} không phải của riêng tài khoản này. Hãy xóa thư mục đó hoặc đặt TMPDIR khác.",
                f"{folder} is not private to this account; remove it or set another TMPDIR",
            )
        )
