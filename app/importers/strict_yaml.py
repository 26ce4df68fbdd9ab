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

from forms.sentence import Sentence
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
_OTHER_NUMBER = re.compile(
    r"[-+]?(?:0[0-9_]+|[1-9][0-9]*_[0-9_]*|0[oO][0-7_]+|0[xX][0-9a-fA-F_]+|0[bB][01_]+)", re.ASCII
)
"""What one program reads as text and another as a number that is written otherwise: `007`, `0x1F`, `1_000`."""
_WORDS: Mapping[str, bool | None] = {"": None, "null": None, "true": True, "false": False}
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class YamlProblem:
    """A place in the file (both counted from 1), what is wrong there and what to do."""

    line: int
    column: int
    what: Sentence
    hint: Sentence

    def __str__(self) -> str:
        place = {"line": self.line, "column": self.column, "what": self.what, "hint": self.hint}
        return str(Sentence("Dòng %(line)s, cột %(column)s: %(what)s %(hint)s", **place))


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
        builder.problems.append(_unclosed_quote(error, builder) or _syntax_problem(error, checked))
    except _EnoughError:
        pass  # what was found so far is enough
    if not builder.problems and builder.documents == 0:
        empty = YamlProblem(1, 1, Sentence("Tệp không có nội dung."), Sentence("Viết nội dung vào tệp rồi nạp lại."))
        builder.problems.append(empty)
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
        what, hint = Sentence("Tệp không phải văn bản UTF-8."), Sentence("Lưu tệp với bảng mã UTF-8 rồi nạp lại.")
        raise UnusableYamlError([_problem_after(place, what, hint)]) from None
    except UnicodeEncodeError as error:
        what, hint = Sentence("Có một nửa ký tự (surrogate đơn lẻ)."), Sentence("Gõ lại ký tự này.")
        raise UnusableYamlError([_problem_after(error.object[: error.start], what, hint)]) from None
    if size > MAX_BYTES:
        what = Sentence("Tệp lớn %(size)s byte, quá 2 MB.", size=grouped(size))
        raise UnusableYamlError([YamlProblem(1, 1, what, Sentence("Tách thành nhiều tệp nhỏ hơn."))])
    return read


def _problem_after(before: str, what: Sentence, hint: Sentence) -> YamlProblem:
    return YamlProblem(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1, what, hint)


def _events(text: str) -> Iterator[Any]:
    # Events, not nodes: PyYAML composes nodes by recursion, which 5,000 brackets break.
    parse: Callable[..., Iterator[Any]] = yaml.parse
    return parse(text, Loader=_Loader)


_NO_TAB = Sentence("Thụt dòng bằng dấu cách, không dùng phím Tab.")
_INDENT = Sentence("Kiểm tra thụt dòng: các mục cùng cấp phải thẳng hàng.")
_NO_CONTROL = Sentence("Xóa ký tự điều khiển không nhìn thấy ở chỗ này.")
_COLON = Sentence("Chữ có dấu hai chấm phải đặt trong ngoặc kép; nếu không thì kiểm tra thụt dòng.")
_SYNTAX_HINTS = (
    ("tab character", _NO_TAB),
    ("'\\t'", _NO_TAB),
    ("mapping values are not allowed", _COLON),
    ("end of stream", Sentence("Dấu ngoặc kép mở ở đây chưa được đóng.")),
    ("',' or", Sentence("Thiếu dấu phẩy hoặc dấu đóng ngoặc.")),
    ("expected ':'", Sentence("Thiếu dấu hai chấm sau tên mục.")),
    ("indicator", _INDENT),
    ("expected key", _INDENT),
    ("block end", _INDENT),
    ("Unicode character escape", Sentence("Gõ lại ký tự này.")),
    ("escape", Sentence("Trong ngoặc kép, dấu \\ phải viết thành \\\\.")),
    ("control characters", _NO_CONTROL),
    ("special characters", _NO_CONTROL),
    ("cannot start any token", Sentence("Đặt chữ bắt đầu bằng ký tự đặc biệt (%, @, `) trong ngoặc kép.")),
)
_ANY_SYNTAX = Sentence("Kiểm tra thụt dòng, dấu ngoặc và dấu hai chấm.")


def _syntax_problem(error: yaml.YAMLError, text: str) -> YamlProblem:
    said = str(error)
    hint = next((hint for sign, hint in _SYNTAX_HINTS if sign in said), _ANY_SYNTAX)
    what = Sentence("Cấu trúc YAML không đọc được ở đây.")
    if getattr(error, "problem_mark", None) is not None:
        lines = text.splitlines()
        line, column = _fault_at(error, lines)
        return YamlProblem(line + 1, column + 1, what, _seen_there(lines[line] if line < len(lines) else "") or hint)
    position: Any = getattr(error, "position", 0)
    return _problem_after(text[:position], what, hint)


_QUOTES = ("'", '"')


def _unclosed_quote(error: yaml.YAMLError, builder: "_Builder") -> YamlProblem | None:
    """Return the quote that was meant to end on its line: the next quote ended it, and what follows makes no sense."""
    mark: Any = getattr(error, "problem_mark", None)
    if mark is None or builder.long_quote is None or mark.line != builder.long_quote[1].line:
        return None
    begun, ended = builder.long_quote
    what = Sentence("Dấu ngoặc kép mở ở đây đến dòng %(line)s mới gặp dấu đóng.", line=ended.line + 1)
    return YamlProblem(begun.line + 1, begun.column + 1, what, Sentence("Đóng dấu ngoặc kép ở cuối câu chữ này."))


_TAB_INDENT = re.compile(r" *\t")
_COLON_IN_BRACES = re.compile(r"""[{,]\s*[^\s"'{}\[\],:]+:\s+[^\s"'{}\[\],:][^"'{}\[\],]*:(?:\s|$)""")


_NO_SPACE = re.compile(r"""^\s*(?:-\s+)*[^\s"'{}\[\],:#]+:[^\s/:]""")
_BRACE_IN_TEXT = re.compile(r":\s+\{[^{}]*\}[^\s,}\]]")
_NO_BREAK = "\u00a0"
_PLAIN_SPACE = Sentence("Có dấu cách không ngắt (thường do chép từ Word): xóa đi và gõ lại dấu cách.")
_SEEN = (
    (_TAB_INDENT, _NO_TAB),
    (re.compile(_NO_BREAK), _PLAIN_SPACE),
    (_COLON_IN_BRACES, _COLON),
    (_BRACE_IN_TEXT, Sentence("Chữ bắt đầu bằng dấu { phải đặt cả trong ngoặc kép.")),
    (_NO_SPACE, Sentence("Sau dấu hai chấm phải có một dấu cách.")),
)


def _seen_there(line: str) -> Sentence | None:
    """Return the hint to what the parser stumbles over without naming it, seen in the line itself."""
    return next((hint for sign, hint in _SEEN if sign.search(line[:_SEARCHED])), None)


def _fault_at(error: Any, lines: Sequence[str]) -> tuple[int, int]:
    """Return the line and column (from 0) of the fault; the parser often notices it only where the next line begins."""
    mark, begun = error.problem_mark, error.context_mark
    last = int(mark.line)
    context = error.context or ""
    if begun is not None and ("simple key" in context or ("quoted" in context and "end of stream" in error.problem)):
        return begun.line, begun.column
    here = lines[last][: int(mark.column)] if last < len(lines) else ""
    if begun is None or "flow" not in context or begun.line == last or not _FIRST_WORD.fullmatch(here):
        return last, mark.column
    before = next(number for number in range(last - 1, -1, -1) if lines[number].strip())
    return before, len(lines[before].rstrip())


_FIRST_WORD = re.compile(r"\s*(?:-\s+)*[^\s:,{}\[\]]*")


_SEARCHED = 4_000
"""So much of a line is searched for what went wrong in it."""


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
    long_quote: tuple[Any, Any] | None = None
    """Where the last quoted text of several lines begins and ends."""

    def take(self, event: Any) -> None:
        """Take the next event of the file."""
        if isinstance(event, yaml.DocumentStartEvent):
            self._start_document(event)
        elif isinstance(event, yaml.AliasEvent):
            what = Sentence("Không dùng được tham chiếu *%(name)s.", name=str(event.anchor))
            self._refuse(event, what, Sentence("Viết lại nội dung cần dùng tại đây."))
            self._put(event, None)
        elif isinstance(event, yaml.ScalarEvent):
            self._note_quote(event)
            self._refuse_decoration(event)
            self._put(event, self._scalar(event))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._refuse_decoration(event)
            self._open(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._put(event, self.stack.pop().value)

    def _note_quote(self, event: Any) -> None:
        if event.style in _QUOTES and event.end_mark.line > event.start_mark.line:
            self.long_quote = event.start_mark, event.end_mark

    def _refuse(self, event: Any, what: Sentence, hint: Sentence) -> None:
        mark = event.start_mark
        self.problems.append(YamlProblem(mark.line + 1, mark.column + 1, what, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _EnoughError

    def _refuse_decoration(self, event: Any) -> None:
        if event.anchor is not None:
            what = Sentence("Không dùng được nhãn neo &%(name)s.", name=event.anchor)
            self._refuse(event, what, Sentence("Xóa nhãn neo, viết đủ nội dung ở từng chỗ."))
        if event.tag is not None:
            what = Sentence("Không dùng được thẻ kiểu %(tag)s.", tag=event.tag)
            self._refuse(event, what, Sentence("Xóa thẻ kiểu; chữ thì đặt trong ngoặc kép."))

    def _start_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            what = Sentence("Tệp có nhiều hơn một tài liệu (dòng ---).")
            self._refuse(event, what, Sentence("Tách mỗi tài liệu thành một tệp."))
            raise _EnoughError
        if event.tags:
            self._refuse(event, Sentence("Không dùng được chỉ thị %TAG."), Sentence("Xóa dòng %TAG."))
        self.lines[()] = event.start_mark.line + 1

    def _open(self, event: Any, value: dict[str, Any] | list[Any]) -> None:
        if len(self.stack) >= MAX_DEPTH:
            what = Sentence("Lồng quá %(most)s cấp.", most=MAX_DEPTH)
            self._refuse(event, what, Sentence("Bỏ bớt cấp lồng nhau."))
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
        if self._is_half_a_number(event, frame):
            return _BAD_KEY
        if not isinstance(key, str):
            self._refuse(event, Sentence("Tên mục phải là chữ."), Sentence("Đặt tên mục trong ngoặc kép."))
            return _BAD_KEY
        if _NO_BREAK in key:
            self._refuse(event, Sentence("Tên mục có dấu cách không ngắt."), _PLAIN_SPACE)
            return _BAD_KEY
        if key == "<<":
            self._refuse(event, Sentence("Không dùng được khóa gộp <<."), Sentence("Viết đủ các mục ở từng chỗ."))
            return _BAD_KEY
        place = (*frame.path, key)
        if key in frame.value:
            what = Sentence("Mục “%(name)s” đã có ở dòng %(line)s.", name=_short(key), line=self.lines[place])
            self._refuse(event, what, Sentence("Giữ lại một mục, xóa mục kia."))
            return _BAD_KEY
        self.lines[place] = event.start_mark.line + 1
        return key

    def _is_half_a_number(self, event: Any, frame: _Frame) -> bool:
        """Refuse the second half of a number that a comma cut in two, which now stands as a key."""
        number = _number_cut(frame, getattr(event, "value", ""))
        if number:
            what = Sentence("Dấu phẩy cắt %(number)s làm hai.", number=number)
            hint = Sentence('Số lẻ thì đặt trong ngoặc kép: "%(number)s"; số nguyên thì viết liền.', number=number)
            self._refuse(event, what, hint)
        return bool(number)

    def _scalar(self, event: Any) -> object:
        text: str = event.value
        if len(text) > MAX_TEXT:
            what = Sentence("Nội dung dài quá %(most)s ký tự.", most=grouped(MAX_TEXT))
            self._refuse(event, what, Sentence("Rút ngắn nội dung."))
            return ""
        if _NOT_TEXT.search(text):
            what = Sentence("Nội dung có ký tự điều khiển hoặc nửa ký tự.")
            self._refuse(event, what, Sentence("Gõ lại nội dung, bỏ mã \\u, \\x."))
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
            what = Sentence("%(number)s viết trần sẽ bị hiểu là số lẻ và mất chữ số.", number=_short(text))
            self._refuse(event, what, _meant(text))
            return text
        if _OTHER_NUMBER.fullmatch(text) and not (self.stack and self.stack[-1].wants_key):
            what = Sentence("%(number)s viết trần sẽ bị hiểu là số và đổi cách viết.", number=_short(text))
            hint = Sentence('Mã thì đặt trong ngoặc kép: "%(number)s"; số thì viết liền: 1000.', number=_short(text))
            self._refuse(event, what, hint)
            return text
        if text[0] in _OPENING and not set(text[1:]) & set(_CLOSING):
            what = Sentence("Dấu ngoặc kép cong (%(sign)s) không mở được một câu có dấu phẩy.", sign=text[0])
            self._refuse(event, what, Sentence('Dùng dấu ngoặc kép thẳng: "...".'))
        return unicodedata.normalize("NFC", text)

    def _whole(self, event: Any, text: str) -> int | None:
        if len(text) <= 20 and abs(int(text)) < 2**62:
            return int(text)
        what = Sentence("Số %(number)s quá lớn.", number=_short(text))
        self._refuse(event, what, Sentence('Nhập số nhỏ hơn; nếu là mã thì đặt trong ngoặc kép "...".'))
        return None

    def _day(self, event: Any, text: str) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            what = Sentence("Không có ngày %(day)s.", day=text)
            self._refuse(event, what, Sentence("Kiểm tra lại ngày, tháng (dạng năm-tháng-ngày)."))
            return None


_OPENING, _CLOSING = "“‘”’", "“‘”’"
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}\.[0-9]{3}")


def _meant(text: str) -> Sentence:
    """Say how to write a number with a point: as a whole number without it, or as a code in quotes."""
    shown = _short(text)
    if _THOUSANDS.fullmatch(text):
        whole = text.replace(".", "")
        return Sentence(
            'Số tiền, số đếm thì viết liền: %(whole)s; mã thì đặt trong ngoặc kép: "%(number)s".',
            whole=whole, number=shown,
        )  # fmt: skip
    if re.search("[a-zA-Z]", text):
        return Sentence('Số thì viết đủ bằng chữ số; mã thì đặt trong ngoặc kép: "%(number)s".', number=shown)
    return Sentence('Đặt trong ngoặc kép: "%(number)s".', number=shown)


def _number_cut(frame: "_Frame", key: str) -> str:
    """Return the number that a comma cut in two (`{value: 0,15}`), whose second half now stands as a key."""
    if not frame.value or not isinstance(frame.value, dict) or not re.fullmatch(r"[0-9]{1,6}", key):
        return ""
    last = next(reversed(frame.value.values()))
    return f"{last},{key}" if isinstance(last, int) and not isinstance(last, bool) else ""


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
