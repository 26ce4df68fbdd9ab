"""Facts as they arrive (plain JSON or typed values) made ready for the rules, and the computed ones added."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from rules.clock.calendar import LEGAL_TIME, legal_moment
from rules.errors import FactsError, Place, Problem, RulesError, nearest
from rules.formula import TYPE_WORDS
from rules.reading import CODE, MAX_SAID, plain_number, plain_truth, said
from rules.values import MAX_WHOLE, clean, decimal, decimal_text, decimal_words, nearest_code
from rules.vocabulary import DERIVED, MADE_FACTS, Fact, Facts, FactType, group_of

MAX_TEXT = 20_000
MAX_GROUP_ROWS = 1_000
MAX_CODE = 120


class _NotThisError(Exception):
    """The value is not of the fact's type; the sentence says what was expected, and `hint` what to do.

    `had` names the part of the value that is wrong, where it is not the whole.
    """

    def __init__(self, wanted: str, hint: str = "", had: str = "") -> None:
        super().__init__(wanted)
        self.hint = hint
        self.had = had


def typed(data: Mapping[str, Any], vocabulary: Mapping[str, Fact], *, place: Place = ()) -> dict[str, Any]:
    """Return the facts with their types checked: days as dates, sets sorted, texts composed; None is left out.

    Raises FactsError naming every fact that is unknown, computed, or not of its type.
    """
    problems: list[Problem] = []
    facts = dict(_read(data, vocabulary, place, problems))
    if problems:
        raise FactsError(tuple(problems))
    return facts


def _read(
    data: Mapping[str, Any], vocabulary: Mapping[str, Fact], place: Place, problems: list[Problem]
) -> Iterator[tuple[str, Any]]:
    for name in sorted(data, key=str):
        fact = vocabulary.get(name)
        where = (*place, str(name))
        if fact is None:
            group = group_of(str(name), vocabulary)
            hint = f"“{name}” là cột của nhóm {group}: ghi trong dòng của nhóm ấy." if group else ""
            hint = hint or nearest(str(name)[:60], vocabulary)
            problems.append(Problem(where, f"Không có dữ kiện “{str(name)[:60]}”.", hint))
        elif fact.of:
            problems.append(Problem(where, f"“{fact.label}” thuộc từng dòng của nhóm “{fact.of}”.", "Ghi trong dòng."))
        elif fact.source in DERIVED or name in MADE_FACTS:
            problems.append(Problem(where, f"“{fact.label}” do hệ thống tính, không nhập vào.", "Bỏ giá trị này."))
        elif not _absent(data[name], fact):
            try:
                yield name, _value(data[name], fact, where, problems)
            except _NotThisError as error:
                had = error.had or said(data[name])
                problems.append(Problem(where, f"“{fact.label}” cần {error}, đang có {had}.", error.hint))


def _absent(value: Any, fact: Fact) -> bool:
    """Tell whether nothing was said: a text of nothing but spaces is no more known than a null."""
    return value is None or (fact.type is FactType.TEXT and isinstance(value, str) and not value.strip())


def _value(value: Any, fact: Fact, place: Place, problems: list[Problem]) -> Any:
    if fact.type is FactType.GROUP:
        return _rows(value, fact, place, problems)
    return _READERS[fact.type](value, fact)


def _rows(value: Any, fact: Fact, place: Place, problems: list[Problem]) -> list[dict[str, Any]]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MAX_GROUP_ROWS:  # pyright: ignore[reportUnknownArgumentType]
        raise _NotThisError(f"danh sách dòng, nhiều nhất {MAX_GROUP_ROWS}")
    members = {member.id: member for member in fact.members}
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(value):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        if not isinstance(row, Mapping):
            raise _NotThisError("danh sách dòng, mỗi dòng là một nhóm “tên: giá trị”")
        rows.append(dict(_read(row, members, (*place, number), problems)))  # pyright: ignore[reportUnknownArgumentType]
    return rows


def _whole(value: Any, fact: Fact) -> int:
    number = isinstance(value, int) and not isinstance(value, bool)
    if number and -MAX_WHOLE < value < MAX_WHOLE:
        return value
    if fact.type is FactType.FIXED and (number or (isinstance(value, str) and _is_measure(value, fact))):
        raise _too_large(value, fact)
    if number:
        raise _NotThisError("số nguyên dưới 4 tỷ tỷ", "Kiểm tra lại số này.")
    if fact.type is FactType.FIXED:
        raise _NotThisError(f"số có nhiều nhất {fact.scale} chữ số lẻ", 'Viết 120 hoặc "120,5", không chấm hàng nghìn.')
    raise _NotThisError("số nguyên", plain_number(value))


def _is_measure(text: str, fact: Fact) -> bool:
    """Tell whether a text is written as a measure of this fact is; how large it is does not matter."""
    digits = rf"(?:[.,][0-9]{{1,{fact.scale}}})?" if fact.scale else ""  # none yet while its definition is refused
    return re.fullmatch(rf"-?[0-9]+{digits}", text.strip()) is not None


def _too_large(value: int | str, fact: Fact) -> _NotThisError:
    """Return the refusal of a measure that cannot be counted exactly, with its value and the bound."""
    bound = decimal_words(MAX_WHOLE, fact.scale)
    below_zero = value.strip().startswith("-") if isinstance(value, str) else value < 0
    had = f"số {value.strip()[:40]}" if isinstance(value, str) else said(value)
    return _NotThisError(f"số lớn hơn -{bound}" if below_zero else f"số nhỏ hơn {bound}", "Kiểm tra lại số này.", had)


def _truth(value: Any, fact: Fact) -> bool:
    if not isinstance(value, bool):
        raise _NotThisError("có (true) hoặc không (false)", plain_truth(value))
    return value


def _day(value: Any, fact: Fact) -> date:
    if isinstance(value, datetime) or not isinstance(value, date | str):
        raise _NotThisError("một ngày, viết 2026-08-15")
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except ValueError:
        raise _NotThisError("một ngày có thật, viết 2026-08-15") from None


def _moment(value: Any, fact: Fact) -> datetime:
    if not isinstance(value, datetime | str):
        raise _NotThisError("một thời điểm, viết 2026-08-15T08:00")
    try:
        return legal_moment(value if isinstance(value, datetime) else datetime.fromisoformat(value)).astimezone(UTC)
    except (ValueError, RulesError):
        raise _NotThisError("một thời điểm có thật, viết 2026-08-15T08:00") from None


def _code(value: Any, fact: Fact) -> str:
    if fact.any_code and isinstance(value, str) and len(value) <= MAX_CODE and CODE.fullmatch(value):
        return value
    if fact.any_code:
        raise _NotThisError("một mã, chỉ gồm chữ không dấu, số và . _ -", _quoted(value))
    if not isinstance(value, str) or value not in fact.codes:
        raise _NotThisError("một mã của danh mục", _quoted(value) or nearest_code(said(value).strip("“”"), fact.codes))
    return value


def _quoted(value: Any) -> str:
    """Return the hint to a number that stands where a text belongs."""
    is_number = isinstance(value, int) and not isinstance(value, bool) and -MAX_WHOLE < value < MAX_WHOLE
    return f'Đặt trong dấu ngoặc kép: "{value}".' if is_number else ""


def _codes(value: Any, fact: Fact) -> list[str]:
    if not isinstance(value, list | tuple | frozenset | set):
        one = value if isinstance(value, str) and value in fact.codes else "a, b"
        raise _NotThisError("một danh sách mã", f"Viết [{one}].")
    return sorted({_member(item, fact) for item in value})  # pyright: ignore[reportUnknownVariableType]


def _member(value: Any, fact: Fact) -> str:
    try:
        return _code(value, fact)
    except _NotThisError as error:
        raise _NotThisError(str(error), error.hint, said(value)) from None


def _text(value: Any, fact: Fact) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise _NotThisError(f"chữ, nhiều nhất {MAX_TEXT} ký tự", _quoted(value))
    try:
        return clean(value)
    except RulesError:
        raise _NotThisError("chữ không có ký tự hỏng") from None


_READERS = {
    FactType.INT: _whole,
    FactType.FIXED: _whole,
    FactType.MONEY: _whole,
    FactType.BOOL: _truth,
    FactType.DAY: _day,
    FactType.MOMENT: _moment,
    FactType.CODE: _code,
    FactType.CODES: _codes,
    FactType.TEXT: _text,
}
assert set(_READERS) | {FactType.GROUP} == set(TYPE_WORDS)


def written(data: Mapping[str, Any], vocabulary: Mapping[str, Fact]) -> dict[str, Any]:
    """Return facts as people write them made into facts as they are kept: a measure scaled to a whole number.

    A measure is written `"120,5"` or `"120.5"`, or as a whole number of its unit. What is no such number, or one too
    large to be counted exactly, is refused where the types are checked.
    """
    return {name: _kept(value, vocabulary.get(name)) for name, value in data.items()}


def _kept(value: Any, fact: Fact | None) -> Any:
    if fact is None or isinstance(value, bool):
        return value
    if fact.type is FactType.FIXED and isinstance(value, int | str):
        return _scaled(value, fact)
    if fact.type is FactType.GROUP and isinstance(value, list):
        members = {member.id: member for member in fact.members}
        return [written(row, members) if isinstance(row, Mapping) else row for row in value]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return value


def _scaled(value: int | str, fact: Fact) -> int | str:
    """Return a measure as a whole number of its last digit.

    One that cannot be kept so stays as its digits: a whole number would be taken for one that is scaled already.
    """
    if isinstance(value, int) and not -MAX_SAID < value < MAX_SAID:
        return value
    try:
        return decimal(str(value), fact.scale)
    except RulesError:
        return str(value)


def as_written(facts: Facts, vocabulary: Mapping[str, Fact]) -> dict[str, Any]:
    """Return facts as people write them, as plain JSON values: what `written` and `typed` read to the same facts."""
    return {name: _as_written(value, vocabulary[name]) for name, value in sorted(facts.items())}


def _as_written(value: Any, fact: Fact) -> Any:
    if fact.type is FactType.FIXED:
        return decimal_text(value, fact.scale)
    if fact.type is FactType.MOMENT:
        return value.astimezone(LEGAL_TIME).replace(tzinfo=None).isoformat()
    if fact.type is FactType.GROUP:
        members = {member.id: member for member in fact.members}
        return [as_written(row, members) for row in value]
    return _plain(value)


def read_back(data: Mapping[str, Any], vocabulary: Mapping[str, Fact]) -> dict[str, Any]:
    """Return what `to_json` wrote as typed values again, derived facts included; unknown names are left out."""
    known = {name: vocabulary[name] for name in data if name in vocabulary}
    return {name: _value(data[name], fact, (name,), []) for name, fact in known.items()}


def to_json(facts: Facts) -> dict[str, Any]:
    """Return the facts as plain JSON values: days as ISO text, the rest as it is."""
    return {name: _plain(value) for name, value in sorted(facts.items())}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return to_json(value)  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value
