"""A small workbook in the shape of the national catalogue's export (danh sách thủ tục hành chính), made on demand.

The shape is the portal's, oddities included: a merged letterhead, the header in row 2, several bodies in one cell on
lines of their own, stray spaces and empty cells. The rows are twelve real procedures; six of them are the ones that
the sample province publishes.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

SHEET = "Danh sách TTHC"
LETTERHEAD = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập – Tự do – Hạnh phúc\n"
    "------------------------------\n\nDANH SÁCH THỦ TỤC HÀNH CHÍNH\n\n\n"
)
HEADER = ("Mã số", "Tên", "Cơ quan ban hành", "Cơ quan thực hiện", "Lĩnh vực")
WIDTHS = {"A": 15, "B": 45, "C": 35, "D": 35, "E": 32}

_JUSTICE, _FINANCE, _POLICE, _AGRICULTURE = "Bộ Tư pháp", "Bộ Tài chính", "Bộ Công an", "Bộ Nông nghiệp và Môi trường"
_COMMUNE = "Ủy ban nhân dân cấp xã"


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One procedure as the export writes it; every cell is text, exactly as it stands in the file."""

    code: str
    name: str
    issued_by: str
    carried_out_by: str
    field_of_work: str

    def cells(self) -> tuple[str, str, str, str, str]:
        """Return the row in the order of `HEADER`."""
        return (self.code, self.name, self.issued_by, self.carried_out_by, self.field_of_work)


ROWS = (
    CatalogueRow("1.001193", "Thủ tục đăng ký khai sinh", _JUSTICE, _COMMUNE, "Hộ tịch"),
    CatalogueRow(
        "2.000635",
        "Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh ",
        _JUSTICE,
        "Cơ quan quản lý cơ sở dữ liệu hộ tịch điện tử\nSở Tư pháp",
        "Hộ tịch",
    ),
    CatalogueRow("1.000656", "Thủ tục đăng ký khai tử", _JUSTICE, "", "Hộ tịch"),
    CatalogueRow("1.000894", "Thủ tục đăng ký kết hôn", _JUSTICE, "", "Hộ tịch"),
    CatalogueRow("1.004873", "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân", _JUSTICE, _COMMUNE + "\n", "Hộ tịch"),
    CatalogueRow(
        "2.000815",
        "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của Việt Nam; cơ quan, "
        "tổ chức có thẩm quyền của nước ngoài; cơ quan, tổ chức có thẩm quyền của Việt Nam liên kết với cơ quan, tổ "
        "chức có thẩm quyền của nước ngoài cấp hoặc chứng nhận",
        _JUSTICE,
        f"\nCơ quan đại diện có thẩm quyền\nTổ chức hành nghề công chứng\n{_COMMUNE}",
        "Chứng thực",
    ),
    CatalogueRow(
        "2.000884",
        "Chứng thực chữ ký trong các giấy tờ, văn bản (áp dụng cho cả trường hợp chứng thực điểm chỉ và trường hợp "
        "người yêu cầu chứng thực không thể ký, không thể điểm chỉ được)",
        _JUSTICE,
        f"Cơ quan đại diện có thẩm quyền\nTổ chức hành nghề công chứng\n{_COMMUNE}",
        "Chứng thực",
    ),
    CatalogueRow(
        "1.001612",
        "Đăng ký thành lập hộ kinh doanh",
        _FINANCE,
        _COMMUNE,
        "Thành lập và hoạt động doanh nghiệp (hộ kinh doanh)",
    ),
    CatalogueRow(
        "2.001583",
        " Đăng ký thành lập công ty TNHH một thành viên",
        _FINANCE,
        "Sở Tài chính các tỉnh, thành phố",
        "Thành lập và hoạt động của doanh nghiệp",
    ),
    CatalogueRow(
        "1.007277",
        "Khai lệ phí trước bạ nhà, đất/ Miễn lệ phí trước bạ nhà, đất",
        _FINANCE,
        "Thuế tỉnh, thành phố\nThuế cơ sở",
        "Thuế",
    ),
    CatalogueRow("1.004222", "Đăng ký thường trú", _POLICE, "Công an cấp xã\n", "Đăng ký cư trú"),
    CatalogueRow(
        "2.001827",
        "Cấp Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm nông, lâm, thủy sản ",
        _AGRICULTURE,
        f"Sở Nông nghiệp và Môi trường\n{_COMMUNE}",
        "Quản lý chất lượng nông, lâm sản và thủy sản",
    ),
)


def write_sample_workbook(path: Path) -> Path:
    """Write the sample workbook to `path`, replacing what stands there, and return the path."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = SHEET
    _write_letterhead(sheet)
    thin = Side(style="thin")
    for number, cells in enumerate((HEADER, *(row.cells() for row in ROWS)), start=2):
        for column, text in enumerate(cells, start=1):
            cell = sheet.cell(row=number, column=column, value=text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    for cell in sheet[2]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFD9E1F2")
    sheet.freeze_panes = "A3"
    workbook.save(path)
    return path


def main(arguments: list[str]) -> int:
    """Write the workbook where the first argument says, for people who want to try an import."""
    place = write_sample_workbook(Path(arguments[0] if arguments else "danh-muc-mau.xlsx"))
    sys.stdout.write(f"{place}\n")
    return 0


def _write_letterhead(sheet: Worksheet) -> None:
    sheet.merge_cells("A1:E1")
    sheet["A1"] = LETTERHEAD
    sheet["A1"].alignment = Alignment(wrap_text=True, horizontal="center")
    sheet.row_dimensions[1].height = 150
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
