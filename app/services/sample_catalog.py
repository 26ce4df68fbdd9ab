"""The sample catalogue: a small workbook in the shape of the national export, for people who want to try an import."""

from app.exporters.catalog import CatalogLine, catalog_workbook
from app.importers.columns import HEADERS
from app.services.sample import read_sample

FILE_NAME = "danh-muc-mau.xlsx"


def sample_lines() -> tuple[CatalogLine, ...]:
    """Return the procedures of the sample catalogue in the order of its file."""
    return tuple(CatalogLine(**row) for row in read_sample("catalog.yaml")["rows"])


def sample_workbook() -> bytes:
    """Return the sample catalogue as the workbook (.xlsx) that the national portal would have written."""
    return catalog_workbook(tuple(HEADERS.values()), sample_lines())
