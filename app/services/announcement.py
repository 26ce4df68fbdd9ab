"""What a source announces against what it announced before: new, changed, the same; and taking it over whole."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_leave
from sqlalchemy.orm import Session

from app.importers.catalog_rows import Announcement, CatalogRow
from app.storage.catalog import CatalogEntry, CatalogImport, CatalogImportRow
from app.storage.folding import folded, sort_key
from app.storage.procedure import Procedure, ProcedureVersion

FIELDS = ("name", "issuing_body", "implementing_bodies", "field_of_work")
NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
BATCH = 50

Tell = Callable[[int, int], None]


def current_entries(session: Session, source: str) -> dict[str, CatalogEntry]:
    """Return what this source announces at present, by code."""
    entries = session.scalars(
        select(CatalogEntry).where(CatalogEntry.source == source, CatalogEntry.superseded_at.is_(None))
    )
    return {entry.code: entry for entry in entries}


def classified(row: CatalogRow, sheet: str, current: Mapping[str, CatalogEntry]) -> dict[str, Any]:
    """Return the row as it is kept: what it said, what it means for the catalogue, and against which entry.

    An empty cell is "not said": it never blanks out what the source announced earlier.
    """
    kept: dict[str, Any] = {
        "sheet": sheet,
        "row_number": row.number,
        "raw": list(row.raw),
        "code": None,
        "parsed": None,
        "change": REFUSED,
        "problems": [problem.to_data() for problem in row.problems],
    }
    if row.announcement is None:
        return kept
    base = current.get(row.announcement.code)
    before = {} if base is None else _values(base)
    after = {field: value or before.get(field) or value for field, value in _said(row.announcement).items()}
    changed = {field: before[field] for field in FIELDS if base is not None and before[field] != after[field]}
    return kept | {
        "code": row.announcement.code,
        "parsed": after | {"before": changed, "base": None if base is None else base.id},
        "change": NEW if base is None else CHANGED if changed else SAME,
    }


def keep_rows(session: Session, import_id: int, rows: Sequence[Mapping[str, Any]], tell: Tell) -> None:
    """Write the rows of an import, saying after each batch how far it is."""
    for done in range(0, len(rows), BATCH):
        batch = [{**row, "import_id": import_id} for row in rows[done : done + BATCH]]
        session.execute(insert(CatalogImportRow), batch)
        tell(done + len(batch), len(rows))


def overtaken_by(session: Session, opened: CatalogImport) -> CatalogImport | None:
    """Return an import that changed, since this one was read, an entry that this one was compared with."""
    rows = select(CatalogImportRow).where(CatalogImportRow.import_id == opened.id).subquery()
    is_current = (
        (CatalogEntry.source == opened.source)
        & (CatalogEntry.code == rows.c.code)
        & CatalogEntry.superseded_at.is_(None)
    )
    base = rows.c.parsed["base"].as_string()
    other = session.scalar(
        select(CatalogEntry.import_id)
        .select_from(rows)
        .join(CatalogEntry, is_current)
        .where(func.coalesce(base, "") != cast(CatalogEntry.id, Text))
        .limit(1)
    )
    return None if other is None else session.get_one(CatalogImport, other)


def unknown_codes(session: Session, opened: CatalogImport) -> int:
    """Return how many of an import's new codes no procedure has at present: so many procedures it would add."""
    is_known = exists().where(Procedure.code == CatalogImportRow.code)
    query = select(func.count()).where(
        CatalogImportRow.import_id == opened.id, CatalogImportRow.change == NEW, ~is_known
    )  # fmt: skip
    return session.scalar(query) or 0


def take_over(session: Session, opened: CatalogImport, at: datetime, tell: Tell) -> int:
    """Put the new and changed rows of an import in force and return how many procedures came into being."""
    rows = session.scalars(
        select(CatalogImportRow)
        .where(CatalogImportRow.import_id == opened.id, CatalogImportRow.change.in_([NEW, CHANGED]))
        .order_by(CatalogImportRow.row_number)
    ).all()
    added = 0
    for done in range(0, len(rows), BATCH):
        batch = rows[done : done + BATCH]
        _announce(session, opened, batch, at)
        _rename_unpublished(session, batch)
        added += _add_unknown(session, batch)
        tell(done + len(batch), len(rows))
    return added


def _announce(session: Session, opened: CatalogImport, rows: Sequence[CatalogImportRow], at: datetime) -> None:
    bases = [parsed["base"] for parsed in _parsed(rows) if parsed["base"] is not None]
    if bases:
        session.execute(update(CatalogEntry).where(CatalogEntry.id.in_(bases)).values(superseded_at=at))
    session.execute(
        insert(CatalogEntry),
        [
            {
                "source": opened.source,
                "code": row.code,
                "import_id": opened.id,
                "row_id": row.id,
                **{field: parsed[field] or None for field in FIELDS},
                "implementing_bodies": parsed["implementing_bodies"],
            }
            for row, parsed in zip(rows, _parsed(rows), strict=True)
        ],
    )


def _rename_unpublished(session: Session, rows: Sequence[CatalogImportRow]) -> None:
    """Follow the source in name and field, except where a published version has the say."""
    said = {row.code: parsed for row, parsed in zip(rows, _parsed(rows), strict=True)}
    published = exists().where(ProcedureVersion.procedure_id == Procedure.id)
    for procedure in session.scalars(select(Procedure).where(Procedure.code.in_(list(said)), ~published)):
        parsed = said[procedure.code]
        procedure.name = parsed["name"]
        procedure.field_of_work = parsed["field_of_work"] or procedure.field_of_work
        procedure.folded, procedure.sort_key = searchable(procedure.code, procedure.name)
    session.flush()


def _add_unknown(session: Session, rows: Sequence[CatalogImportRow]) -> int:
    values: list[dict[str, Any]] = []
    for row, parsed in zip(rows, _parsed(rows), strict=True):
        search, order = searchable(row.code or "", parsed["name"])
        values.append(
            {
                "code": row.code,
                "name": parsed["name"],
                "field_of_work": parsed["field_of_work"] or None,
                "folded": search,
                "sort_key": order,
            }
        )
    # Another door may make the same procedure at this very moment (a definition, another source): one row is enough.
    made = session.scalars(
        insert_or_leave(Procedure).on_conflict_do_nothing(index_elements=["code"]).returning(Procedure.id), values
    )
    return len(made.all())


def searchable(code: str, name: str) -> tuple[str, str]:
    """Return what a procedure is found by (code and name without accents) and what it is sorted by."""
    return folded(f"{code} {name}"), sort_key(name)


def _parsed(rows: Iterable[CatalogImportRow]) -> list[dict[str, Any]]:
    return [row.parsed or {} for row in rows]


def _values(entry: CatalogEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "issuing_body": entry.issuing_body or "",
        "implementing_bodies": list(entry.implementing_bodies),
        "field_of_work": entry.field_of_work or "",
    }


def _said(announcement: Announcement) -> dict[str, Any]:
    return {
        "name": announcement.name,
        "issuing_body": announcement.issuing_body,
        "implementing_bodies": list(announcement.implementing_bodies),
        "field_of_work": announcement.field_of_work,
    }
