"""A catalogue (danh mục TTHC) as a workbook in the shape of the export of the National Public Service Portal.

The shape is the portal's, oddities included: one sheet, a merged letterhead in row 1, the header in row 2, every cell
text, several bodies in one cell on lines of their own.
"""

import io
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

SHEET = "Danh sách TTHC"
LETTERHEAD = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập – Tự do – Hạnh phúc\n"
    "------------------------------\n\nDANH SÁCH THỦ TỤC HÀNH CHÍNH\n\n\n"
)
HEADER_ROW = 2
WIDTHS = {"A": 15, "B": 45, "C": 35, "D": 35, "E": 32}


@dataclass(frozen=True, slots=True)
class CatalogLine:
    """One procedure, a text for each cell exactly as it is to stand in the file; fields in the order of the columns."""

    code: str
    name: str
    issuing_body: str
    implementing_bodies: str
    field_of_work: str


def catalog_workbook(headers: Sequence[str], lines: Sequence[CatalogLine]) -> bytes:
    """Return the workbook (.xlsx) with these five headers and a row for each line."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = SHEET
    _write_letterhead(sheet)
    thin = Side(style="thin")
    for number, cells in enumerate((headers, *map(astuple, lines)), start=HEADER_ROW):
        for column, text in enumerate(cells, start=1):
            cell = sheet.cell(row=number, column=column, value=text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    for cell in sheet[HEADER_ROW]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFD9E1F2")
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _write_letterhead(sheet: Worksheet) -> None:
    sheet.merge_cells("A1:E1")
    sheet["A1"] = LETTERHEAD
    sheet["A1"].alignment = Alignment(wrap_text=True, horizontal="center")
    sheet.row_dimensions[1].height = 150
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
