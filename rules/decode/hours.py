"""Plain data to the hours of an office (docs/reference/clock.md): windows, weekdays, seasons, declared outages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import pairwise

from rules.clock.calendar import WEEKEND, OfficeTime, WorkCalendar, legal_moment
from rules.clock.hours import Outage, Season, Windows, WorkingHours
from rules.errors import EnoughError, Problem, RulesError, UnreadableError, nearest
from rules.reading import MOMENT, Node, Parts, mapping_of, said
from rules.values import NO_TEXT, Period

FORMAT = 1
TIMEZONE = "Asia/Ho_Chi_Minh"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """What a file of hours says: windows, weekly days off (also dated ones) and outages, over any calendar."""

    hours: WorkingHours = WorkingHours()  # noqa: RUF009  a frozen value
    weekly_days_off: frozenset[int] = WEEKEND
    dated_weeks: tuple[tuple[Period, frozenset[int]], ...] = ()
    outages: tuple[Outage, ...] = ()

    def office(self, calendar: WorkCalendar) -> OfficeTime:
        """Return the time of an office that keeps these hours over this calendar of days off."""
        week = replace(calendar, weekly_days_off=self.weekly_days_off, dated_weeks=self.dated_weeks)
        return OfficeTime(week, self.hours, self.outages)


def hours_from(data: object) -> OfficeHours:
    """Read a file of hours. Raises UnreadableError with every fault found, each with its path into the data."""
    problems: list[Problem] = []
    try:
        return _hours(Node(data, (), problems))
    except EnoughError:
        raise UnreadableError(tuple(problems)) from None


def _hours(node: Node) -> OfficeHours:
    problems = node.problems
    if mapping_of(node.value) is None:
        node.problem("Tệp giờ làm việc cần một nhóm “tên: giá trị”.", "Bắt đầu tệp bằng windows: và các khoảng giờ.")
        raise UnreadableError(tuple(problems))
    parts = node.parts("format", "timezone", "windows", "weekdays", "seasons", "outages")
    check_format(parts)
    if parts["timezone"] and parts["timezone"].string() != TIMEZONE:
        parts["timezone"].problem("Giờ làm việc chỉ tính theo giờ Việt Nam.", f"Ghi {TIMEZONE} hoặc bỏ dòng này.")
    windows, week = _windows(parts.needed("windows")), _week(parts["weekdays"])
    if parts["windows"] and not parts["windows"].items():
        parts["windows"].problem("Chưa có khoảng giờ nào.", 'Ví dụ [{opens: "07:00", closes: "11:30"}].')
    usual = {day: worked for day, worked in week.items() if worked}
    days_off = _days_off(WEEKEND, week)
    if len(days_off) == len(WEEKDAYS):
        parts["weekdays"].problem("Không còn ngày làm việc nào trong tuần.", "Ghi giờ làm việc cho ít nhất một ngày.")
    seasons = [_season(item, windows, usual, days_off) for item in parts["seasons"].items()]
    _check_seasons(seasons, parts["seasons"])
    outages = tuple(outage for item in parts["outages"].items() if (outage := _outage(item)) is not None)
    if problems:
        raise UnreadableError(tuple(problems))
    return OfficeHours(
        hours=WorkingHours(windows, usual, tuple(season for season, _ in seasons)),
        weekly_days_off=days_off,
        dated_weeks=tuple((season.period, off) for season, off in seasons if off != days_off),
        outages=outages,
    )


def check_format(parts: Parts) -> None:
    """Refuse a file of a format that this program does not know."""
    if parts["format"] and (isinstance(parts["format"].value, bool) or parts["format"].value != FORMAT):
        parts["format"].problem(f"Chỉ đọc được định dạng {FORMAT}, đang có {said(parts['format'].value)}.", "format: 1")


def time_of_day(node: Node) -> time | None:
    """Return the time of day here, written 07:00."""
    if not node:
        return None
    found = _TIME.fullmatch(node.value) if isinstance(node.value, str) else None
    if found is None:
        node.problem(f"Không đọc được giờ từ {said(node.value)}.", 'Viết "07:00", đủ hai chữ số, từ 00:00 đến 23:59.')
        return None
    return time(int(found[1]), int(found[2]))


def exact_moment(node: Node) -> datetime | None:
    """Return the moment here in legal time; a day without its hour is none."""
    if not node:
        return None
    text = node.value if isinstance(node.value, str) else ""
    try:
        if MOMENT.fullmatch(text):
            return legal_moment(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        node.problem(f"Không có thời điểm {said(node.value)}.", "Kiểm tra lại ngày, tháng, giờ.")
        return None
    except RulesError as wrong:
        node.problem(str(wrong))
        return None
    shown = "một ngày không có giờ" if not text and not isinstance(node.value, int) else said(node.value)
    node.problem(f"Không đọc được thời điểm từ {shown}.", "Viết cả ngày và giờ: 2026-11-20T10:00.")
    return None


def _windows(node: Node) -> Windows:
    windows: list[tuple[time, time]] = []
    for item in node.items():
        parts = item.parts("opens", "closes")
        opens, closes = time_of_day(parts.needed("opens")), time_of_day(parts.needed("closes"))
        if opens is not None and closes is not None:
            if opens >= closes:
                item.problem(f"Khoảng giờ {opens:%H:%M} đến {closes:%H:%M} rỗng.", "Giờ mở phải trước giờ đóng.")
            windows.append((opens, closes))
    for (_, closes), (opens, _) in pairwise(windows):
        if closes >= opens:
            what = f"Khoảng giờ mở lúc {opens:%H:%M} không sau khoảng trước nó (đóng lúc {closes:%H:%M})."
            node.problem(what, "Xếp các khoảng theo thứ tự, không chồng, không liền nhau.")
    return tuple(windows)


def _week(node: Node) -> dict[int, Windows]:
    """Read the windows of single weekdays; none at all makes a weekly day off."""
    week: dict[int, Windows] = {}
    for name, entry in node.named():
        if name not in WEEKDAYS:
            entry.problem(f"Không có ngày trong tuần “{name[:60]}”.", nearest(name[:60], WEEKDAYS))
            continue
        if not entry:
            entry.problem("Chưa ghi giờ làm việc của ngày này.", "Nghỉ cả ngày thì ghi [].")
        week[WEEKDAYS.index(name)] = _windows(entry)
    return week


def _days_off(usual: frozenset[int], week: Mapping[int, Windows]) -> frozenset[int]:
    return usual - {day for day, worked in week.items() if worked} | {day for day, worked in week.items() if not worked}


def _season(
    node: Node, windows: Windows, usual: Mapping[int, Windows], days_off: frozenset[int]
) -> tuple[Season, frozenset[int]]:
    """Read other hours of a stretch of days; what they do not name stays as usual."""
    parts = node.parts("since", "until", "windows", "weekdays", "label")
    parts["label"].text()
    week = _week(parts["weekdays"])
    worked = {**usual, **week}
    own = _windows(parts["windows"]) if parts["windows"] else windows
    off = _days_off(days_off, week)
    if len(off) == len(WEEKDAYS):
        parts["weekdays"].problem("Không còn ngày làm việc nào trong tuần.", "Ghi các ngày nghỉ ấy vào tệp lịch.")
    return _season_of(_period(parts), own, {day: each for day, each in worked.items() if each}, node), off


_ANY_WINDOW: Windows = WorkingHours().windows


def _season_of(period: Period, windows: Windows, by_weekday: Mapping[int, Windows], node: Node) -> Season:
    if node.problems:  # what was refused stands in for nothing: the file is not used
        return Season(period, _ANY_WINDOW)
    return Season(period, windows, by_weekday)


def _period(parts: Parts) -> Period:
    since, until = parts.needed("since").day(), parts.needed("until").day()
    if since is not None and until is not None and since >= until:
        what = f"Khoảng ngày rỗng: {since:%d/%m/%Y} không trước {until:%d/%m/%Y}."
        parts["until"].problem(what, "Ghi ngày đầu tiên không còn áp dụng.")
        return Period()
    return Period(since, until)


def _check_seasons(seasons: list[tuple[Season, frozenset[int]]], node: Node) -> None:
    for number, item in enumerate(node.items()):
        period = seasons[number][0].period
        if not node.problems and any(period.meets(other.period) for other, _ in seasons[:number]):
            item.problem("Khoảng ngày này chồng lên một khoảng trước nó.", "Sửa since hoặc until.")


def _outage(node: Node) -> Outage | None:
    parts = node.parts("since", "until", "basis", "what")
    since, until = exact_moment(parts.needed("since")), exact_moment(parts["until"])
    basis, what = parts["basis"].string(), parts["what"].text()
    if since is None:
        return None
    if until is not None and until <= since:
        parts["until"].problem("Hệ thống phải hoạt động lại sau khi ngừng.", "Kiểm tra lại hai thời điểm.")
        return None
    return Outage(since, until, basis, what or NO_TEXT)
