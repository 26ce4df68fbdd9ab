"""The one door workbooks come in by: looked at from outside first, then read where nothing it does can hurt.

Run as a program (`python -m app.importers.excel`) it is the confined reader: a workbook comes in, JSON goes out.
"""

import io
import json
import sys
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import openpyxl
from openpyxl.xml import DEFUSEDXML

from app.importers import confined
from app.importers.catalog_rows import Announcement, CatalogRow, RowReader, without_doubles
from app.importers.columns import HEADERS, column_letter, header_places
from app.importers.container import BROKEN, EXPORT_AGAIN, inspect
from app.importers.problems import Problem, UnusableWorkbookError
from forms.sentence import Sentence, joined

__all__ = ["Announcement", "CatalogRow", "CatalogSheet", "inspect", "parse", "read_catalog"]

MAX_ROWS = 50_000
MAX_COLUMNS = 256
HEADER_WITHIN = 10
TOO_HEAVY = Sentence("Tệp chiếm quá nhiều bộ nhớ hoặc thời gian khi đọc nên đã dừng lại.")


@dataclass(frozen=True, slots=True)
class CatalogSheet:
    """The sheet of a catalogue export; rows are numbered as in Excel, wholly empty ones are left out."""

    sheet: str
    header_row: int
    rows: tuple[CatalogRow, ...]


def read_catalog(content: bytes) -> CatalogSheet:
    """Read a catalogue export, trusting nothing in it.

    Raises `UnusableWorkbookError` when it is no workbook, hides something, or lacks the header; a row that cannot be
    taken is no reason to refuse the others, it carries its problems.
    """
    inspect(content)
    try:
        answer: Any = json.loads(confined.answer_of("app.importers.excel", content))
    except confined.GaveUpError as gone:
        raise UnusableWorkbookError(TOO_HEAVY, EXPORT_AGAIN) from gone
    if "unusable" in answer:
        found = Problem.from_data(answer["unusable"])
        raise UnusableWorkbookError(found.what, found.hint, where=found.where)
    return CatalogSheet(answer["sheet"], answer["header_row"], tuple(_row_from(row) for row in answer["rows"]))


def parse(content: bytes) -> CatalogSheet:
    """Read a workbook that `inspect` let pass, in this very process; `read_catalog` does it in a confined one."""
    if not DEFUSEDXML:
        raise RuntimeError("defusedxml is missing: workbooks could carry XML bombs")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a workbook without styles and the like; of no interest for its text
            return _parse(content)
    except (UnusableWorkbookError, MemoryError):
        raise
    except Exception as broken:  # a broken file makes openpyxl fail in dozens of ways; all mean the same to a person
        raise UnusableWorkbookError(BROKEN, EXPORT_AGAIN) from broken


def _parse(content: bytes) -> CatalogSheet:
    workbook: Any = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    headed: list[tuple[str, int, dict[str, int], list[tuple[int, tuple[Any, ...]]]]] = []
    nearest: dict[str, list[int]] = {}
    for sheet in workbook.worksheets:
        title = str(sheet.title)
        rows = _rows_of(sheet, title)
        number, places = _best_header(rows)
        if len(places) == len(HEADERS):
            headed.append((title, number, _one_place_each(places, _row_place(title, number)), rows))
        elif len(places) > len(nearest):
            nearest = places
    if not headed:
        raise _no_header(nearest)
    if len(headed) > 1:
        raise UnusableWorkbookError(
            "Tệp có nhiều trang tính cùng là danh mục: %(sheets)s.",
            "Mỗi lần tải lên một danh mục: xóa các trang tính thừa rồi tải lại.",
            sheets=", ".join(f"“{title}”" for title, *_ in headed),
        )
    title, number, columns, rows = headed[0]
    return _sheet(title, number, columns, rows)


def _rows_of(sheet: Any, title: str) -> list[tuple[int, tuple[Any, ...]]]:
    """Return the rows that hold anything, with their numbers; refuse a sheet that claims an absurd size."""
    wide, high = sheet.max_column or 0, sheet.max_row or 0
    if wide > MAX_COLUMNS or high > MAX_ROWS:
        raise UnusableWorkbookError(
            "Trang tính khai báo %(high)s dòng, %(wide)s cột; danh mục có tối đa %(rows)s dòng, %(columns)s cột.",
            "Chép phần danh mục sang một tệp mới rồi tải lên.",
            where=title,
            high=high,
            wide=wide,
            rows=MAX_ROWS,
            columns=MAX_COLUMNS,
        )
    # What is declared may be less than what is there; the reading is bounded by our own numbers, not by the claim.
    sheet.reset_dimensions()
    rows: list[tuple[int, tuple[Any, ...]]] = []
    for number, cells in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS), start=1):
        if number > MAX_ROWS:
            raise UnusableWorkbookError(
                "Trang tính có hơn %(rows)s dòng.", "Chia danh mục thành nhiều tệp rồi tải lần lượt.",
                where=title, rows=MAX_ROWS,
            )  # fmt: skip
        if any(_is_filled(cell.value) for cell in cells):
            last = max(index for index, cell in enumerate(cells, start=1) if cell.value is not None)
            rows.append((number, tuple(cells[:last])))
    return rows


def _is_filled(value: object) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _best_header(rows: Iterable[tuple[int, tuple[Any, ...]]]) -> tuple[int, dict[str, list[int]]]:
    best: tuple[int, dict[str, list[int]]] = (0, {})
    for number, cells in rows:
        if number > HEADER_WITHIN:
            break
        places = header_places([cell.value for cell in cells])
        if len(places) > len(best[1]):
            best = (number, places)
    return best


def _one_place_each(places: Mapping[str, list[int]], where: str) -> dict[str, int]:
    for field, columns in places.items():
        if len(columns) > 1:
            raise UnusableWorkbookError(
                "Tiêu đề “%(header)s” có ở nhiều cột (%(letters)s).",
                "Giữ lại một cột rồi tải lên lại.",
                where=where,
                header=HEADERS[field],
                letters=", ".join(column_letter(column) for column in columns),
            )
    return {field: columns[0] for field, columns in places.items()}


def _no_header(nearest: Mapping[str, object]) -> UnusableWorkbookError:
    if not nearest:
        wanted = Sentence("Danh mục phải có một dòng gồm năm tiêu đề: %(headers)s.", headers=_quoted(HEADERS))
        return UnusableWorkbookError(
            "Không thấy dòng tiêu đề trong %(rows)s dòng đầu của trang tính nào.",
            joined((wanted, EXPORT_AGAIN)),
            rows=HEADER_WITHIN,
        )
    return UnusableWorkbookError(
        "Dòng tiêu đề thiếu cột: %(missing)s (đã thấy: %(found)s).",
        joined((Sentence("Bổ sung cột còn thiếu rồi tải lên lại."), EXPORT_AGAIN)),
        missing=_quoted(field for field in HEADERS if field not in nearest),
        found=_quoted(field for field in HEADERS if field in nearest),
    )


def _quoted(fields: Iterable[str]) -> str:
    # The headers as the file must have them: they stay Vietnamese in any language.
    return ", ".join(f"“{HEADERS[field]}”" for field in fields)


def _row_place(title: str, number: int) -> Sentence:
    return Sentence("%(sheet)s, dòng %(row)s", sheet=title, row=number)


def _sheet(
    title: str, header_row: int, columns: Mapping[str, int], rows: Iterable[tuple[int, tuple[Any, ...]]]
) -> CatalogSheet:
    read = [RowReader(title, number, cells, columns).row() for number, cells in rows if number > header_row]
    if not read:
        raise UnusableWorkbookError(
            "Dưới dòng tiêu đề không có thủ tục nào.", EXPORT_AGAIN, where=_row_place(title, header_row)
        )
    return CatalogSheet(title, header_row, without_doubles(title, columns["code"], read))


def _row_from(data: Any) -> CatalogRow:
    """Rebuild a row that came over from the confined reader."""
    said: Any = data["announcement"]
    problems = tuple(Problem.from_data(problem) for problem in data["problems"])
    announcement = None
    if said is not None:
        bodies = tuple(str(body) for body in said["implementing_bodies"])
        announcement = Announcement(said["code"], said["name"], said["issuing_body"], bodies, said["field_of_work"])
    return CatalogRow(data["number"], tuple(data["raw"]), announcement, problems)


def _data_of(sheet: CatalogSheet) -> dict[str, Any]:
    """Return a sheet as plain JSON values, its problems as sentences that can still be said in any language."""
    problems = [[problem.to_data() for problem in row.problems] for row in sheet.rows]
    data: dict[str, Any] = asdict(sheet)
    data["rows"] = [{**row, "problems": told} for row, told in zip(data["rows"], problems, strict=True)]
    return data


def main() -> None:
    """Read the workbook on the input under limits and write what was found, or why not, to the output."""
    confined.confine()
    try:
        answer = _data_of(parse(sys.stdin.buffer.read()))
    except UnusableWorkbookError as unusable:
        answer = {"unusable": unusable.problem.to_data()}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main()
