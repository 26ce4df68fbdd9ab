"""Why an appointment (hẹn trả) is the day it is: one plain sentence, said from the lines of the ledger alone."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from rules.clock.calendar import day_words
from rules.clock.days_off import day_off_called
from rules.clock.ledger import LedgerKind, LedgerLine
from rules.evaluation.findings import DeadlineFinding
from rules.values import NO_TEXT, Text
from rules.wording import begun, inner, joined, phrase, same

FEW_DAYS = 4
"""So many weekly days off are named by their dates; more of them by their weekdays alone."""


def why_that_day(found: DeadlineFinding) -> Text:
    """Say what moves the appointment: a late acceptance, days off, make-up days; nothing where it is plain.

    "Tiếp nhận sau 15:00 nên tính từ ngày làm việc tiếp theo: 07:00 thứ Tư 25/11/2026; 24/11 nghỉ Ngày Văn hóa Việt
    Nam." The lines are those of the limit that gives the appointment, the law's or the promise.
    """
    clauses = list(_clauses(_lines(found)))
    return phrase("{}.", "{}.", begun(joined(clauses, "; "))) if clauses else NO_TEXT


def ledger_said(line: LedgerLine) -> Text:
    """Return the sentence of a line of the ledger; in English the days off that the law names have their English names.

    What was kept holds them as the calendar writes them, so that it is computed again to the last letter.
    """
    named = day_off_called(line.day_off.vi)
    if not named.en:
        return line.what
    return Text(line.what.vi, line.what.en.replace(line.day_off.vi, named.en))


def _lines(found: DeadlineFinding) -> list[LedgerLine]:
    if found.appointment is None:
        return []
    promised = found.committed is not None and found.appointment == found.committed != found.statutory
    other = "statutory" if promised else "committed"
    return [line for line in found.ledger if line.only != other and line.at <= found.appointment]


def _clauses(lines: Sequence[LedgerLine]) -> Iterator[Text]:
    """Yield one clause for each thing that moves the day, in the order a reader asks."""
    yield from (_bare(line) for line in lines if line.kind in (LedgerKind.COUNTED_FROM, LedgerKind.STOPPED))
    off = [line for line in lines if line.kind is LedgerKind.DAY_OFF]
    weekly = [line.at.date() for line in off if not line.day_off.vi]
    if weekly:
        yield phrase("{} nghỉ hằng tuần", "no work on {}", _weekly(weekly))
    this_year = {line.at.year for line in lines if line.kind is LedgerKind.ACCEPTED}
    for name, days in groupby((line for line in off if line.day_off.vi), key=lambda line: line.day_off):
        yield _holiday(name, [line.at.date() for line in days], this_year)
    worked = [_weekday(line.at.date()) for line in lines if line.kind is LedgerKind.MAKEUP_DAY]
    if worked:
        yield phrase("{} làm bù, được tính", "{} is worked to make up for another day", joined(worked, ", "))


def _bare(line: LedgerLine) -> Text:
    """Return the sentence of a line as a clause, without naming the count it is of: only that one is spoken of."""
    said = line.what.vi.split(": ", 1)[-1] if line.only else line.what.vi
    english = line.what.en.split(": ", 1)[-1] if line.only else line.what.en
    return inner(Text(said.rstrip("."), english.rstrip(".")))


def _weekly(days: Sequence[date]) -> Text:
    if len(days) <= FEW_DAYS:
        return joined((_weekday(day) for day in days), ", ")
    first = {day.weekday(): day for day in sorted(days, reverse=True)}
    names = (day_words(first[weekday]) for weekday in sorted(first))
    return joined((Text(name.vi.rsplit(" ", 1)[0], f"{name.en.rsplit(' ', 1)[0]}s") for name in names), ", ")


def _weekday(day: date) -> Text:
    """Return `thứ Bảy 21/11`: the year is that of the appointment beside it."""
    said = day_words(day)
    return Text(said.vi.rsplit("/", 1)[0], said.en.rsplit("/", 1)[0])


def _holiday(name: Text, days: Sequence[date], years: set[int]) -> Text:
    form = "%d/%m" if {day.year for day in days} <= years else "%d/%m/%Y"
    if len(days) > FEW_DAYS:
        dates = phrase("{} đến {}", "{} to {}", f"{days[0]:{form}}", f"{days[-1]:{form}}")
    else:
        dates = joined((same(f"{day:{form}}") for day in days), ", ")
    called = Text(name.vi.removeprefix("Nghỉ "), day_off_called(name.vi).en or name.english)
    return phrase("{} nghỉ {}", "{} off ({})", dates, called)
