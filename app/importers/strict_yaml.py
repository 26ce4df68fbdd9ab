"""YAML as people who write law can rely on it: what is read is what was written, or it is refused with its line.

Plain YAML turns the code 2.000950 into 2.00095, the word `no` into False, and keeps the last of two equal keys without
a word. Here a file is read event by event: text (NFC), whole numbers, true/false, null and ISO days, nothing else.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from rules.values import grouped

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 50
MAX_TEXT = 50_000
MAX_PROBLEMS = 50
"""Nobody mends more than this at once; reading stops there."""

# libyaml where the wheel brings it: the pure parser needs 20 seconds for 2 MB.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BROKEN_NUMBER = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|\.[0-9_]+(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+"
    r"|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)"
)
_WORDS: Mapping[str, bool | None] = {"": None, "null": None, "true": True, "false": False}
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class YamlProblem:
    """A place in the file (both counted from 1), what is wrong there and what to do, in Vietnamese."""

    line: int
    column: int
    what: str
    hint: str

    def __str__(self) -> str:
        return f"Dòng {self.line}, cột {self.column}: {self.what} {self.hint}"


class UnusableYamlError(Exception):
    """The file cannot be used; `problems` holds everything found, in the order of the file."""

    def __init__(self, problems: Sequence[YamlProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the file says, and on which line each part of it begins."""

    data: Any
    lines: Mapping[Path, int]

    def line_of(self, path: Sequence[str | int]) -> int:
        """Return the line of this place, or of the nearest place around it that has one."""
        for length in range(len(path), -1, -1):
            line = self.lines.get(tuple(path[:length]))
            if line is not None:
                return line
        return 1


def load(text: str | bytes) -> Loaded:
    """Read one YAML document. Raises UnusableYamlError with every problem that could be found."""
    checked = _checked(text)
    builder = _Builder()
    try:
        for event in _events(checked):
            builder.take(event)
    except yaml.YAMLError as error:
        builder.problems.append(_syntax_problem(error, checked))
    except _EnoughError:
        pass  # what was found so far is enough
    if not builder.problems and builder.documents == 0:
        builder.problems.append(YamlProblem(1, 1, "Tệp không có nội dung.", "Viết nội dung vào tệp rồi nạp lại."))
    if builder.problems:
        raise UnusableYamlError(sorted(builder.problems)[:MAX_PROBLEMS])
    return Loaded(builder.root, builder.lines)


def _checked(text: str | bytes) -> str:
    """Return the text of the file, refused when it is too big or is no Unicode text."""
    try:
        read = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        size = len(text) if isinstance(text, bytes) else len(read.encode())
    except UnicodeDecodeError as error:
        place = error.object[: error.start].decode("utf-8-sig", errors="replace")
        hint = "Lưu tệp với bảng mã UTF-8 rồi nạp lại."
        raise UnusableYamlError([_problem_after(place, "Tệp không phải văn bản UTF-8.", hint)]) from None
    except UnicodeEncodeError as error:
        raise UnusableYamlError(
            [_problem_after(error.object[: error.start], "Có một nửa ký tự (surrogate đơn lẻ).", "Gõ lại ký tự này.")]
        ) from None
    if size > MAX_BYTES:
        raise UnusableYamlError(
            [YamlProblem(1, 1, f"Tệp lớn {grouped(size)} byte, quá 2 MB.", "Tách thành nhiều tệp nhỏ hơn.")]
        )
    return read


def _problem_after(before: str, what: str, hint: str) -> YamlProblem:
    return YamlProblem(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1, what, hint)


def _events(text: str) -> Iterator[Any]:
    # Events, not nodes: PyYAML composes nodes by recursion, which 5,000 brackets break.
    parse: Callable[..., Iterator[Any]] = yaml.parse
    return parse(text, Loader=_Loader)


_SYNTAX_HINTS = (
    ("tab character", "Thụt dòng bằng dấu cách, không dùng phím Tab."),
    ("'\\t'", "Thụt dòng bằng dấu cách, không dùng phím Tab."),
    (
        "mapping values are not allowed",
        "Chữ có dấu hai chấm phải đặt trong ngoặc kép; nếu không thì kiểm tra thụt dòng.",
    ),
    ("end of stream", "Thiếu dấu đóng ngoặc kép hoặc ngoặc ở phía trên."),
    ("',' or", "Thiếu dấu phẩy hoặc dấu đóng ngoặc."),
    ("expected ':'", "Thiếu dấu hai chấm sau tên mục."),
    ("indicator", "Kiểm tra thụt dòng: các mục cùng cấp phải thẳng hàng."),
    ("expected key", "Kiểm tra thụt dòng: các mục cùng cấp phải thẳng hàng."),
    ("block end", "Kiểm tra thụt dòng: các mục cùng cấp phải thẳng hàng."),
    ("escape", "Trong ngoặc kép, dấu \\ phải viết thành \\\\."),
    ("control characters", "Xóa ký tự điều khiển không nhìn thấy ở chỗ này."),
    ("special characters", "Xóa ký tự điều khiển không nhìn thấy ở chỗ này."),
    ("cannot start any token", "Đặt chữ bắt đầu bằng ký tự đặc biệt (%, @, `) trong ngoặc kép."),
)


def _syntax_problem(error: yaml.YAMLError, text: str) -> YamlProblem:
    said = str(error)
    hint = next(
        (hint for sign, hint in _SYNTAX_HINTS if sign in said), "Kiểm tra thụt dòng, dấu ngoặc và dấu hai chấm."
    )
    what = "Cấu trúc YAML không đọc được ở đây."
    mark: Any = getattr(error, "problem_mark", None)
    if mark is not None:
        return YamlProblem(mark.line + 1, mark.column + 1, what, hint)
    position: Any = getattr(error, "position", 0)
    return _problem_after(text[:position], what, hint)


class _EnoughError(Exception):
    """Reading on would find nothing a person could use."""


_BAD_KEY = object()
"""Stands for a key that was refused: its value is still read for problems, then dropped."""


@dataclass(slots=True)
class _Frame:
    """A mapping or list being read; `key` is the key whose value comes next, None when a key comes next."""

    path: Path
    value: dict[str, Any] | list[Any]
    key: object = None

    @property
    def place(self) -> Path:
        """Where the next value belongs."""
        if isinstance(self.value, list):
            return (*self.path, len(self.value))
        return (*self.path, self.key) if isinstance(self.key, str) else self.path

    @property
    def wants_key(self) -> bool:
        return isinstance(self.value, dict) and self.key is None


@dataclass(slots=True)
class _Builder:
    """Builds plain values from YAML events and keeps the line of each."""

    root: Any = None
    lines: dict[Path, int] = field(default_factory=dict[Path, int])
    problems: list[YamlProblem] = field(default_factory=list[YamlProblem])
    documents: int = 0
    stack: list[_Frame] = field(default_factory=list[_Frame])

    def take(self, event: Any) -> None:
        """Take the next event of the file."""
        if isinstance(event, yaml.DocumentStartEvent):
            self._start_document(event)
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"Không dùng được tham chiếu *{event.anchor}.", "Viết lại nội dung cần dùng tại đây.")
            self._put(event, None)
        elif isinstance(event, yaml.ScalarEvent):
            self._refuse_decoration(event)
            self._put(event, self._scalar(event))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._refuse_decoration(event)
            self._open(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._put(event, self.stack.pop().value)

    def _refuse(self, event: Any, what: str, hint: str) -> None:
        mark = event.start_mark
        self.problems.append(YamlProblem(mark.line + 1, mark.column + 1, what, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _EnoughError

    def _refuse_decoration(self, event: Any) -> None:
        if event.anchor is not None:
            self._refuse(
                event, f"Không dùng được nhãn neo &{event.anchor}.", "Xóa nhãn neo, viết đủ nội dung ở từng chỗ."
            )
        if event.tag is not None:
            self._refuse(event, f"Không dùng được thẻ kiểu {event.tag}.", "Xóa thẻ kiểu; chữ thì đặt trong ngoặc kép.")

    def _start_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self._refuse(event, "Tệp có nhiều hơn một tài liệu (dòng ---).", "Tách mỗi tài liệu thành một tệp.")
            raise _EnoughError
        if event.tags:
            self._refuse(event, "Không dùng được chỉ thị %TAG.", "Xóa dòng %TAG.")
        self.lines[()] = event.start_mark.line + 1

    def _open(self, event: Any, value: dict[str, Any] | list[Any]) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self._refuse(event, f"Lồng quá {MAX_DEPTH} cấp.", "Bỏ bớt cấp lồng nhau.")
            raise _EnoughError
        path: Path = ()
        if self.stack:
            path = self.stack[-1].place
            if isinstance(self.stack[-1].value, list):
                self.lines[path] = event.start_mark.line + 1
        self.stack.append(_Frame(path, value))

    def _put(self, event: Any, value: object) -> None:
        """Put a finished value where it belongs."""
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        if isinstance(frame.value, list):
            self.lines.setdefault(frame.place, event.start_mark.line + 1)
            frame.value.append(value)
        elif frame.wants_key:
            frame.key = self._key(event, value, frame)
        else:
            if isinstance(frame.key, str):
                frame.value[frame.key] = value
            frame.key = None

    def _key(self, event: Any, key: object, frame: _Frame) -> object:
        if not isinstance(key, str):
            self._refuse(event, "Tên mục phải là chữ.", "Đặt tên mục trong ngoặc kép.")
            return _BAD_KEY
        if key == "<<":
            self._refuse(event, "Không dùng được khóa gộp <<.", "Viết đủ các mục ở từng chỗ.")
            return _BAD_KEY
        place = (*frame.path, key)
        if key in frame.value:
            first = self.lines[place]
            self._refuse(event, f"Mục “{_short(key)}” đã có ở dòng {first}.", "Giữ lại một mục, xóa mục kia.")
            return _BAD_KEY
        self.lines[place] = event.start_mark.line + 1
        return key

    def _scalar(self, event: Any) -> object:
        text: str = event.value
        if len(text) > MAX_TEXT:
            self._refuse(event, f"Nội dung dài quá {grouped(MAX_TEXT)} ký tự.", "Rút ngắn nội dung.")
            return ""
        if _NOT_TEXT.search(text):
            self._refuse(event, "Nội dung có ký tự điều khiển hoặc nửa ký tự.", "Gõ lại nội dung, bỏ mã \\u, \\x.")
            return ""
        # implicit[0] is set for plain text only; what stands in quotes is text.
        return self._plain(event, text) if event.implicit[0] else unicodedata.normalize("NFC", text)

    def _plain(self, event: Any, text: str) -> object:
        if text in _WORDS:
            return _WORDS[text]
        if _WHOLE.fullmatch(text):
            return self._whole(event, text)
        if _DAY.fullmatch(text):
            return self._day(event, text)
        if _BROKEN_NUMBER.fullmatch(text):
            shown = _short(text)
            self._refuse(
                event,
                f"{shown} viết trần sẽ bị hiểu là số lẻ và mất chữ số.",
                f'Đặt trong ngoặc kép: "{shown}".',
            )
            return text
        return unicodedata.normalize("NFC", text)

    def _whole(self, event: Any, text: str) -> int | None:
        if len(text) <= 20 and abs(int(text)) < 2**62:
            return int(text)
        self._refuse(event, f"Số {_short(text)} quá lớn.", 'Nhập số nhỏ hơn; nếu là mã thì đặt trong ngoặc kép "...".')
        return None

    def _day(self, event: Any, text: str) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._refuse(event, f"Không có ngày {text}.", "Kiểm tra lại ngày, tháng (dạng năm-tháng-ngày).")
            return None


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
