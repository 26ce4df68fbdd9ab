"""Facts as JSON, read so that what is read is what was written: no key twice, no number that loses digits.

A file, and a line of a batch, is bounded before it is read, so that no input is slow.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from app.cli.facts_places import nested_at, token_at, written_again_at
from app.cli.inputs import UnusableError, bytes_at, problem
from rules.errors import RulesError
from rules.values import clean, grouped

MAX_BYTES = 2 * 1024 * 1024
"""The most that one dossier's facts may take."""

_LONGEST_WHOLE = 40
"""The most characters of a whole number that is read."""

_HINTS = (
    ("property name", "Tên dữ kiện đặt trong dấu ngoặc kép; sau mục cuối không có dấu phẩy."),
    ("',' delimiter", "Thiếu dấu phẩy giữa hai mục, hoặc thiếu dấu đóng ngoặc."),
    ("':' delimiter", "Thiếu dấu hai chấm sau tên dữ kiện."),
    ("Expecting value", "Thiếu giá trị, hoặc chữ chưa đặt trong dấu ngoặc kép."),
    ("Extra data", "Chỉ để lại một đối tượng {...}, xóa phần thừa phía sau."),
    ("Unterminated string", "Thiếu dấu ngoặc kép đóng."),
    ("control character", "Xuống dòng trong chữ thì viết \\n."),
    ("escape", "Trong ngoặc kép, dấu \\ phải viết thành \\\\."),
)
_ANY_HINT = "Kiểm tra dấu ngoặc, dấu phẩy và dấu hai chấm."


def facts_at(path: Path) -> Any:
    """Read a JSON file of facts. Raises UnusableError with the line and what to do."""
    return _json(_decoded(bytes_at(path, MAX_BYTES), ""), "")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a batch: its number from 1, its `id` (None where it has none that can be read), and what it says.

    A line that cannot be used says its UnusableError: the others can.
    """

    number: int
    id: Any
    read: Any


def facts_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a JSONL file that say anything. Raises UnusableError where there is no file to read."""
    try:
        with path.open("rb") as handle:
            number = 0
            while raw := handle.readline(MAX_BYTES + 1):
                number += 1
                if len(raw) > MAX_BYTES:
                    yield Line(number, _id_in(raw), _too_long(number))
                    while raw and not raw.endswith(b"\n"):
                        raw = handle.readline(MAX_BYTES)
                elif raw.strip():
                    yield _line(raw.rstrip(b"\r\n"), number)
    except OSError as unreadable:
        raise UnusableError([problem(f"Không đọc được tệp {path}.", "Kiểm tra tên tệp.")]) from unreadable


def _too_long(number: int) -> UnusableError:
    what = f"Dòng {number}: dữ kiện của một hồ sơ dài quá {grouped(MAX_BYTES)} byte."
    return UnusableError([problem(what, "Mỗi dòng chỉ ghi một hồ sơ.")])


def _line(raw: bytes, number: int) -> Line:
    at = f"Dòng {number}: "
    try:
        read = _json(_decoded(raw, at), at)
    except UnusableError as wrong:
        return Line(number, _id_in(raw), wrong)
    name = read.get("id") if isinstance(read, dict) else None
    if _can_be_shown(name):
        return Line(number, name, read)
    return Line(number, None, _unusable(f"{at}id chứa ký tự hỏng.", "Xóa và gõ lại id này."))


def _can_be_shown(name: object) -> bool:
    try:
        return bool(clean(json.dumps(name, ensure_ascii=False)))
    except RulesError:
        return False


_FIRST_ID = re.compile(r'\s*\{\s*"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?[0-9]{1,40}(?![0-9.eE]))')


def _id_in(raw: bytes) -> Any:
    """Return the id of a line that cannot be used, where it can be read: in JSON but for its numbers and keys, or as
    the first thing that the line says."""
    text = raw.decode("utf-8-sig", errors="surrogateescape")
    try:
        read = json.loads(
            text, parse_float=_nothing, parse_constant=_nothing, parse_int=_short_whole, object_pairs_hook=_with_one_id
        )
        name = read.get("id") if isinstance(read, dict) else None
    except (ValueError, RecursionError):
        found = _FIRST_ID.match(text)
        name = _scalar(found[1]) if found else None
    return name if _can_be_shown(name) else None


def _scalar(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _nothing(text: str) -> None:
    """Stand for a number that is not kept as it was written."""


def _short_whole(text: str) -> int | None:
    return int(text) if len(text) <= _LONGEST_WHOLE else None


def _with_one_id(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    ids = [value for name, value in pairs if name == "id"]
    return {"id": ids[0]} if len(ids) == 1 else {}


def _decoded(raw: bytes, at: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        what = f"{at}byte thứ {wrong.start + 1} không phải văn bản UTF-8."
        raise _unusable(what, "Lưu tệp với bảng mã UTF-8.") from wrong


class _NotJsonError(Exception):
    """Something that JSON allows, or Python's reader of it, and facts do not; `found` tells its place in the text."""

    def __init__(self, what: str, hint: str, found: Callable[[str], int]) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.found = found


class _FractionError(Exception):
    """A number with a point or an exponent."""


def _json(text: str, at: str) -> Any:
    try:
        return json.loads(
            text, parse_float=_fraction, parse_constant=_no_number, parse_int=_whole, object_pairs_hook=_pairs
        )
    except _FractionError as wrong:
        raise _fraction_refused(text, at) from wrong
    except _NotJsonError as wrong:
        raise _unusable_at(f"{at}{wrong.what}", wrong.hint, text, wrong.found(text), at) from wrong
    except json.JSONDecodeError as wrong:
        hint = next((hint for sign, hint in _HINTS if sign in wrong.msg), _ANY_HINT)
        raise _unusable_at(f"{at}không phải JSON dùng được", hint, text, wrong.pos, at) from wrong
    except RecursionError as wrong:
        what, hint = f"{at}dữ kiện lồng quá nhiều cấp", "Dữ kiện chỉ có giá trị, danh sách và dòng của nhóm."
        raise _unusable_at(what, hint, text, nested_at(text), at) from wrong


def _unusable(what: str, hint: str) -> UnusableError:
    return UnusableError([problem(what[:1].upper() + what[1:], hint)])


def _unusable_at(what: str, hint: str, text: str, position: int, at: str) -> UnusableError:
    """Return the refusal of what stands at a position of the text: with its line and column, in a batch its column."""
    before = text[:position]
    line, column = before.count("\n") + 1, position - before.rfind("\n")
    place = {"column": column} if at else {"line": line, "column": column}
    said = f"{what}, ở cột {column}." if at else f"{what}, ở dòng {line}, cột {column}."
    return UnusableError([{**place, **problem(said[:1].upper() + said[1:], hint)}])


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            what = f"“{name[:60]}” được ghi hai lần"
            raise _NotJsonError(what, "Giữ lại một, xóa một.", partial(written_again_at, name=name))
        found[name] = value
    return found


def _fraction(text: str) -> NoReturn:
    raise _FractionError(text)


_WORDS_AND_NUMBERS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9][0-9.eE+-]*')
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+")


def _fraction_refused(text: str, at: str) -> UnusableError:
    """Return the refusal of the first number with a point or an exponent, whole as it was written, with its place.

    The reader of JSON stops inside `12.000.000` and so knows neither its end nor where it stands.
    """
    found = next(
        each for each in _WORDS_AND_NUMBERS.finditer(text) if each[0][0] != '"' and re.search("[.eE]", each[0])
    )
    number = found[0]
    many = number.count(".") > 1
    why = "không đọc được như một số" if many else "có phần lẻ hoặc số mũ nên không giữ được đúng"
    hint = 'Số tiền, số đếm là số nguyên, viết liền; số đo có phần lẻ đặt trong dấu ngoặc kép: "120,5".'
    if _THOUSANDS.fullmatch(number):
        why = "có dấu chấm ngăn hàng nghìn" if many else why
        hint = f"Số tiền, số đếm viết liền: {number[:40].replace('.', '')}."
    return _unusable_at(f"{at}số {number[:40]} {why}", hint, text, found.start(), at)


def _no_number(text: str) -> NoReturn:
    hint = "Ghi số thật, hoặc bỏ dữ kiện này khi chưa biết."
    raise _NotJsonError(f"{text} không phải là một số", hint, partial(token_at, token=text))


def _whole(text: str) -> int:
    if len(text) > _LONGEST_WHOLE:
        hint = "Kiểm tra lại số này; mã thì đặt trong dấu ngoặc kép."
        raise _NotJsonError(f"số {text[:20]}… quá lớn", hint, partial(token_at, token=text))
    return int(text)
