"""The facts a procedure knows: id, label, type, codes, unit, and where the value comes from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from rules.clock.calendar import LEGAL_TIME
from rules.values import Money, Text, counted, day_figures, measured
from rules.wording import followed, joined, phrase, same

Facts = Mapping[str, Any]
"""Facts by id: int, bool, str, date, datetime, a list of codes (a set), a list of dicts (a group); absent = unknown."""


MOST_ROWS_SHOWN = 5
"""So many rows of a group are written out when its value is shown."""


class FactType(StrEnum):
    """The type of a fact (kiểu dữ kiện)."""

    MONEY = "money"
    INT = "int"
    FIXED = "fixed"
    BOOL = "bool"
    CODE = "code"
    CODES = "codes"
    DAY = "day"
    MOMENT = "moment"
    TEXT = "text"
    GROUP = "group"


CALLED_TYPES: Mapping[str, FactType] = MappingProxyType(
    {
        **dict.fromkeys(("tiền", "số tiền", "amount"), FactType.MONEY),
        **dict.fromkeys(("số", "số nguyên", "number", "integer"), FactType.INT),
        **dict.fromkeys(("số lẻ", "số thập phân", "số đo", "decimal"), FactType.FIXED),
        **dict.fromkeys(("có không", "có/không", "có hoặc không", "đúng sai", "yes_no", "boolean"), FactType.BOOL),
        **dict.fromkeys(("mã", "lựa chọn", "choice"), FactType.CODE),
        **dict.fromkeys(("nhiều mã", "tập mã", "choices"), FactType.CODES),
        **dict.fromkeys(("ngày", "date"), FactType.DAY),
        **dict.fromkeys(("thời điểm", "datetime"), FactType.MOMENT),
        **dict.fromkeys(("chữ", "văn bản", "string"), FactType.TEXT),
        **dict.fromkeys(("nhóm", "nhóm dòng"), FactType.GROUP),
    }
)
"""How people call types, whose name is another."""

NUMERIC = frozenset({FactType.MONEY, FactType.INT, FactType.FIXED, FactType.DAY, FactType.MOMENT})
"""Types whose values are ordered and become whole numbers in a matcher."""


class Source(StrEnum):
    """Where a fact's value comes from."""

    FORM = "form"
    OFFICER = "officer"
    PAPER = "paper"
    REGISTRY = "registry"
    HISTORY = "history"
    OUTSIDE = "outside"
    COMPUTED = "computed"
    TABLE = "table"
    PARAMETER = "parameter"
    LIST = "list"
    BUILT_IN = "built_in"


DERIVED = frozenset({Source.COMPUTED, Source.TABLE, Source.PARAMETER, Source.LIST})
"""Sources of values that the evaluation makes itself; nobody hands them in."""

HANDED_IN = (Source.OFFICER, Source.PAPER, Source.REGISTRY, Source.HISTORY, Source.OUTSIDE)
"""Sources of facts that somebody or something beside the form hands in."""

STAGES = ("filing", "reception", "appraisal", "outside")
"""When a fact becomes known: with the filing, at reception, during appraisal, or by an answer from outside."""

UNIT_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "day": Text("ngày", "days"),
        "page": Text("trang", "pages"),
        "copy": Text("bản", "copies"),
        "minute": Text("phút", "minutes"),
        "hour": Text("giờ", "hours"),
        "month": Text("tháng", "months"),
        "year": Text("năm", "years"),
        "percent": same("%"),
        "person": Text("người", "people"),
        "household": Text("hộ", "households"),
        "plot": Text("thửa", "plots"),
        "event": Text("việc", "events"),
        "facility": Text("cơ sở", "facilities"),
        "vehicle": Text("xe", "vehicles"),
        "metre": same("m"),
        "kilometre": same("km"),
        "square_metre": same("m²"),
        "hectare": same("ha"),
        "cubic_metre": same("m³"),
        "kilogram": same("kg"),
        "tonne": Text("tấn", "tonnes"),
    }
)
"""Units a number may carry, and how they are said; the English for one of them is the unit's own name, or its sign."""

UNKNOWN = Text("chưa có dữ liệu", "not known")
BLANK = Text("để trống", "left blank")
YES, NO = Text("có", "yes"), Text("không", "no")
NOTHING_CHOSEN, NO_ROWS = Text("không có", "none"), Text("không có dòng nào", "no rows")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact (dữ kiện). `codes` are the codes of a code or set of codes with their labels, in order.

    `scale` is the number of decimal digits of a fixed-point measure, whose value is a whole number of the last digit.
    `any_code`: the codes are kept elsewhere, so every text of the shape of a code will do.
    `of` names the group to whose single row the fact belongs (`group.member`): it is known only while that row is
    looked at.
    """

    id: str
    type: FactType
    label: Text
    source: Source
    codes: Mapping[str, Text] = field(default_factory=dict[str, Text], hash=False)
    unit: str = ""
    stage: str = ""
    members: tuple["Fact", ...] = ()
    scale: int = 0
    any_code: bool = False
    of: str = ""

    def shown(self, value: Any) -> Text:
        """Say a value as people read it; None is `chưa có dữ liệu`."""
        if value is None:
            return UNKNOWN
        if self.type is FactType.BOOL:
            return YES if value else NO
        if isinstance(value, date):
            return same(_time_figures(value))
        if isinstance(value, int):
            return Money(value).words if self.type is FactType.MONEY else self._shown_number(value)
        if isinstance(value, str):
            return self._shown_code(value) if value else BLANK
        return self._shown_rows(value) if self.type is FactType.GROUP else self._shown_codes(value)

    def _shown_number(self, value: int) -> Text:
        return number_said(value, self.scale if self.type is FactType.FIXED else 0, self.unit)

    def _shown_code(self, code: str) -> Text:
        label = self.codes.get(code)
        return same(code) if label is None else Text(label.vi, label.english)

    def _shown_codes(self, codes: Iterable[str]) -> Text:
        said = [self._shown_code(code) for code in codes]
        return joined(said, ", ") if said else NOTHING_CHOSEN

    def _shown_rows(self, rows: Sequence[Mapping[str, Any]]) -> Text:
        said = joined([self._shown_row(row) for row in rows[:MOST_ROWS_SHOWN]], "; ")
        if len(rows) > MOST_ROWS_SHOWN:
            return phrase("{}; … (tất cả {} dòng)", "{}; … ({} rows in all)", said, counted(len(rows)))
        return said if rows else NO_ROWS

    def _shown_row(self, row: Mapping[str, Any]) -> Text:
        known = [member for member in self.members if row.get(member.id) is not None]
        return joined([member.shown(row[member.id]) for member in known], ", ") if known else BLANK


def number_said(value: int, scale: int, unit: str) -> Text:
    """Say a whole or scaled number with its unit: `120,5 m²`, `1 trang`."""
    number = measured(value, scale) if scale else counted(value)
    if not unit:
        return number
    said = UNIT_WORDS.get(unit) or same(unit)
    one = value == 10**scale and said.en != said.vi
    return followed(number, " ", " ", Text(said.vi, unit) if one else said)


def _time_figures(value: date) -> str:
    if isinstance(value, datetime):
        at = value.astimezone(LEGAL_TIME)
        return f"{at:%H:%M} {day_figures(at)}"
    return day_figures(value)


class Vocabulary(Mapping[str, Fact]):
    """All facts of a procedure by id; the built-in ones are always there.

    The members of a group are inside it, and are found as `group.member` too, but not listed by that name.
    """

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = MappingProxyType({**BUILT_IN, **facts})
        self._members = {
            f"{group.id}.{member.id}": replace(member, id=f"{group.id}.{member.id}", of=group.id)
            for group in facts.values()
            for member in group.members
        }

    def __getitem__(self, key: str) -> Fact:
        return self._facts[key] if key in self._facts else self._members[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name a rule may use, `group.member` included."""
        return (*self._facts, *self._members)


def group_of(name: str, facts: Mapping[str, Fact]) -> str:
    """Return the group that has a column of this name, empty where none has."""
    return next((fact.id for fact in facts.values() if any(member.id == name for member in fact.members)), "")


CHANNELS: Mapping[str, Text] = MappingProxyType(
    {
        "counter": Text("Trực tiếp", "At the counter"),
        "online": Text("Trực tuyến", "Online"),
        "post": Text("Qua bưu chính", "By post"),
    }
)
"""The ways of filing (cách thức thực hiện)."""

UNIT_KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "ward": Text("Phường", "Ward"),
        "commune": Text("Xã", "Commune"),
        "department": Text("Sở, ban, ngành", "Department"),
        "centre": Text("Trung tâm Phục vụ hành chính công", "Public service centre"),
    }
)

APPLICANT_KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "individual": Text("Cá nhân", "Individual"),
        "household": Text("Hộ kinh doanh", "Household business"),
        "organisation": Text("Tổ chức", "Organisation"),
        "enterprise": Text("Doanh nghiệp, hợp tác xã", "Enterprise or cooperative"),
    }
)

ORGANISATIONS = ("organisation", "enterprise")
"""The kinds of applicant that a representative acts for (người đại diện); the owner of a household business is a person
and files under the citizen number, which is its tax code."""


def _built_in(name: str, kind: FactType, label: Text, codes: Mapping[str, Text] | None = None, unit: str = "") -> Fact:
    return Fact(name, kind, label, Source.BUILT_IN, codes or {}, unit)


BUILT_IN: Mapping[str, Fact] = MappingProxyType(
    {
        fact.id: fact
        for fact in (
            _built_in("channel", FactType.CODE, Text("Cách nộp", "Way of filing"), CHANNELS),
            _built_in("accepted_on", FactType.DAY, Text("Ngày tiếp nhận", "Day of acceptance")),
            _built_in(
                "accepted_minute", FactType.INT, Text("Phút tiếp nhận trong ngày", "Minute of the day"), unit="minute"
            ),
            _built_in("digital_citizen", FactType.BOOL, Text("Công dân số", "Digital citizen")),
            _built_in("receiving_unit_kind", FactType.CODE, Text("Loại nơi tiếp nhận", "Kind of office"), UNIT_KINDS),
            replace(
                _built_in("receiving_unit", FactType.CODE, Text("Đơn vị tiếp nhận", "Receiving unit")), any_code=True
            ),
            _built_in("territories", FactType.CODES, Text("Địa bàn", "Territories")),
            _built_in("variant", FactType.CODES, Text("Trường hợp", "Cases of the procedure")),
            _built_in("applicant_kind", FactType.CODE, Text("Loại người nộp", "Kind of applicant"), APPLICANT_KINDS),
        )
    }
)
"""Facts of every procedure. `receiving_unit` is the code of the administrative unit that receives."""

CLOCK_FACTS = frozenset({"accepted_on", "accepted_minute"})

MADE_FACTS = CLOCK_FACTS | {"territories", "variant"}
"""Built-in facts that the evaluation sets itself; nobody hands them in."""
