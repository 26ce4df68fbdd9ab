"""What dossiers are searched by (tra cứu): one typed line for each answer, and the filters people keep.

The lines say nothing that the facts do not say: they are made from them, and made again at any time.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    column,
    delete,
    func,
    insert,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.clock import legal_day
from app.storage.columns import Key, PublicId, Recorded, Words
from app.storage.folding import folded
from app.vault import vault
from forms.searched import Compared, SearchedField

APPLICANT, CODE = "@applicant", "@code"
"""The lines that every dossier has: who applies, and its code. No field of a form can be called so."""

LONGEST = 200
"""So many letters of a text are searched; an index holds no more."""


class DossierField(Model):
    """One answer of a dossier as it is searched; `row` is its place in a group or among several codes, else 0.

    `unit_id` is the receiving unit. A text has `text_exact` and, where it may be found by a part of it, `text_folded`;
    numbers and amounts, whole numbers of the last digit, are in `number`; days in `day`.
    """

    __tablename__ = "dossier_field"
    __table_args__ = (
        *(
            Index(
                f"dossier_field_{name}", "procedure_id", "field", name, "dossier_id",
                postgresql_where=text(f"{name} IS NOT NULL"),
            )
            for name in ("text_exact", "number", "day")
        ),
        Index(
            "dossier_field_folded", "text_folded", postgresql_using="gin",
            postgresql_ops={"text_folded": "gin_trgm_ops"}, postgresql_where=text("text_folded IS NOT NULL"),
        ),
        {"extend_existing": True},
    )  # fmt: skip

    dossier_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dossier.id"), primary_key=True)
    field: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    row: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    unit_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    procedure_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    text_folded: Mapped[str | None] = mapped_column(Text(collation="C"), nullable=True)
    text_exact: Mapped[str | None] = mapped_column(Text(collation="C"), nullable=True)
    number: Mapped[int | None] = mapped_column(BigInteger, nullable=True)
    day: Mapped[date | None] = mapped_column(Date, nullable=True)


class SavedFilter(Model):
    """A filter that a person keeps for a procedure's list, by a name of their own; `asked` is the question."""

    __tablename__ = "saved_filter"
    __table_args__ = (
        UniqueConstraint("user_id", "procedure_id", "name"),
        CheckConstraint("btrim(name) <> ''", name="saved_filter_has_a_name"),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=False)
    procedure_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure.id"), nullable=False)
    name: Mapped[Words]
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    lock_version: Mapped[int] = mapped_column(Integer, nullable=False, default=1, server_default="1")
    recorded_at: Mapped[Recorded]

    __mapper_args__ = {"version_id_col": lock_version}


@dataclass(frozen=True, slots=True)
class SearchLine:
    """One line of the side table, but for the dossier it belongs to."""

    field: str
    row: int = 0
    text_folded: str | None = None
    text_exact: str | None = None
    number: int | None = None
    day: date | None = None


def lines_of(
    fields: Iterable[SearchedField], facts: Mapping[str, Any], *, code: str, applicant: str
) -> Iterator[SearchLine]:
    """Return the lines of one dossier: its code, who applies, and each answer to a searched field that is known.

    Pure: the same answers give the same lines, whoever writes them.
    """
    yield SearchLine(CODE, 0, *_words(code))
    yield SearchLine(APPLICANT, 0, *_words(applicant))
    for field in fields:
        for row, value in enumerate(_values(field, facts)):
            if value is not None and value != "":
                yield _line(field, row, value)


def _values(field: SearchedField, facts: Mapping[str, Any]) -> list[Any]:
    if field.group:
        return [one.get(field.field.id) for one in facts.get(field.group) or ()]
    value = facts.get(field.field.id)
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _line(field: SearchedField, row: int, value: Any) -> SearchLine:
    match field.compared:
        case Compared.WORDS:
            return SearchLine(field.name, row, *_words(value))
        case Compared.NUMBER:
            return SearchLine(field.name, row, number=value)
        case Compared.DAY:
            return SearchLine(field.name, row, day=legal_day(value) if isinstance(value, datetime) else value)
        case Compared.CODE | Compared.WHOLE:
            return SearchLine(field.name, row, text_exact=exact(field.compared, value))


def exact(compared: Compared, value: Any) -> str:
    """Return what an answer is compared by as a whole.

    A person's number is kept as its keyed hash: it can be found by who knows it, and read by nobody.
    """
    if compared is Compared.CODE:
        return str(value).lower() if isinstance(value, bool) else str(value)
    if compared is Compared.WHOLE:
        return vault.lookup(f"field:{value}").hex()
    return spoken(value)


def spoken(words: str) -> str:
    """Return a text as it is compared with its accents: composed letters in lower case, single spaces."""
    return unicodedata.normalize("NFC", " ".join(words.split()).casefold())[:LONGEST]


def _words(said: str) -> tuple[str, str]:
    return folded(said)[:LONGEST], spoken(said)


def rewrite_lines(
    session: Session, dossier_id: int, *, unit_id: int, procedure_id: int, lines: Iterable[SearchLine]
) -> int:
    """Put these lines in the place of all that a dossier has, and return how many; done twice it is the same."""
    session.execute(delete(DossierField).where(DossierField.dossier_id == dossier_id))
    of_dossier = {"dossier_id": dossier_id, "unit_id": unit_id, "procedure_id": procedure_id}
    rows = [{**of_dossier, **asdict(line)} for line in lines]
    session.execute(insert(DossierField), rows)
    return len(rows)


def search(
    session: Session, *, procedure_id: int | None, field: str | None, words: str, at_most: int
) -> dict[int, bool]:
    """Return the dossiers in the scope of who asks that hold these words, accents or not, at most so many lines.

    Each is told with whether it has the words with just these accents. None asks of all procedures, or all fields.
    """
    found = func.search_dossiers(
        type_coerce(procedure_id, BigInteger), type_coerce(field, Text), folded(words)[:LONGEST], spoken(words), at_most
    ).table_valued(column("dossier_id", BigInteger), column("is_exact"))
    return {row.dossier_id: row.is_exact for row in session.execute(select(found.c.dossier_id, found.c.is_exact))}
