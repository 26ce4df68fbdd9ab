"""The keys and passwords that an embedded deployment makes for itself, once."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys and passwords of one embedded deployment."""

    secret_key: str
    personal_data_key: str
    superuser_password: str
    owner_password: str
    app_password: str


def fresh_keys() -> Keys:
    """Return new keys of 256 random bits each, safe inside a URL."""
    return Keys(*(secrets.token_urlsafe(32) for _ in range(5)))


def kept_keys(file: Path) -> Keys:
    """Return the keys in this file; make the file (mode 0600) with fresh ones where there is none.

    Losing this file loses the encrypted identity numbers, so it is written whole before it gets its name,
    and two processes that start together end with the same keys.
    """
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        write_private(draft, json.dumps(asdict(fresh_keys()), indent=1))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass  # the other process was first; its keys count
        finally:
            draft.unlink()
    return Keys(**json.loads(file.read_text(encoding="utf-8")))


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read, and push it to the disk."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
