"""Files people hand in: content-addressed on disk outside the web root, with a row for each use."""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from flask_appbuilder import Model
from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.columns import Code, Key, MaybeMoment, MaybeWords, PublicId, Recorded, Words


class StoredFile(Model):
    """The content of a file, known by its SHA-256; two uploads of the same bytes are one stored file."""

    __tablename__ = "stored_file"

    id: Mapped[Key]
    sha256: Mapped[Code] = mapped_column(unique=True)
    size: Mapped[int] = mapped_column(BigInteger, nullable=False)
    media_type: Mapped[Code]
    recorded_at: Mapped[Recorded]


class Attachment(Model):
    """One use of a stored file: whose it is, which paper it stands for, its name as the person gave it."""

    __tablename__ = "attachment"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    stored_file_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("stored_file.id"), nullable=False)
    dossier_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("dossier.id"), nullable=True, index=True)
    paper_code: Mapped[str | None] = mapped_column(nullable=True)
    name: Mapped[Words]
    scan_state: Mapped[Code] = mapped_column(server_default=text("'not_scanned'"))
    is_signed_copy: Mapped[bool] = mapped_column(nullable=False, server_default=text("false"))
    keep_until: Mapped[MaybeMoment]
    note: Mapped[MaybeWords]
    added_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    recorded_at: Mapped[Recorded]


class FileStore:
    """The folder of stored contents (`var/attachments`), two levels deep by hash; nothing is ever overwritten."""

    def __init__(self, root: Path | None = None) -> None:
        self._bound = root

    def bind(self, root: Path) -> None:
        """Say where the folder is; the factory does, once for each deployment."""
        self._bound = root

    @property
    def _root(self) -> Path:
        if self._bound is None:
            raise RuntimeError("the file store has no folder yet")
        return self._bound

    def keep(self, content: bytes) -> str:
        """Write the bytes and return their SHA-256; writing the same bytes twice changes nothing."""
        digest = hashlib.sha256(content).hexdigest()
        place = self.place(digest)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = place.with_suffix(f".{os.getpid()}.part")
            with draft.open("wb") as handle:
                handle.write(content)
                handle.flush()
                os.fsync(handle.fileno())
            draft.replace(place)  # a reader sees the whole file or none
        return digest

    def place(self, digest: str) -> Path:
        """Return where the content with this hash lies."""
        return self._root / digest[:2] / digest[2:4] / digest

    def open(self, digest: str) -> BinaryIO:
        """Open a stored content for reading."""
        return self.place(digest).open("rb")

    def content(self, digest: str) -> bytes:
        """Return a stored content whole."""
        return self.place(digest).read_bytes()


file_store = FileStore()
"""The folder of this deployment, bound in `app.factory`."""


class EncryptionNotice(Model):
    """Which key encrypts the identity numbers of this installation (a check value, never the key)."""

    __tablename__ = "encryption_notice"

    id: Mapped[Key]
    check_value: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    recorded_at: Mapped[Recorded]
