"""Communes and wards as a form offers them: the register handed in, found without accents, the past resolved.

Since 1 July 2025 there are two levels, the province and the commune or ward (Luật Tổ chức chính quyền địa phương 2025
Điều 1); who still names a unit of before is led to those that followed it.
"""

# WTForms carries no types, so what is inherited from it is Any; what is ours is typed.
# pyright: reportUnknownMemberType=false

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from wtforms.validators import StopValidation

from forms.answers import Answer, about
from forms.folding import folded
from forms.sentence import Sentence, joined
from rules.values import ALWAYS, Period

MOST_NAMED = 5
"""So many units are named in a sentence."""
_CODE_BEHIND = re.compile(r"\(([^()]+)\)\s*$")


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A commune or ward: its code, name and province, the days it is there, and the codes of what followed it.

    One that `is_wider` is a district of the past: it only leads to the communes and wards that it became.
    """

    code: str
    name: str
    province: str = ""
    period: Period = ALWAYS
    successors: tuple[str, ...] = ()
    is_wider: bool = False

    @property
    def called(self) -> str:
        """Its name as an address writes it: `Phường Mỹ Tho, Đồng Tháp`."""
        return f"{self.name}, {self.province}" if self.province else self.name


class UnitRegister:
    """The units that may be chosen, with those of the past that lead to them."""

    def __init__(self, entries: Iterable[UnitEntry]) -> None:
        self.entries: Mapping[str, UnitEntry] = MappingProxyType({each.code: each for each in entries})

    @cached_property
    def _names(self) -> list[tuple[str, str, UnitEntry]]:
        return [(folded(each.called), folded(each.name), each) for each in self.entries.values()]

    def on(self, day: date) -> list[UnitEntry]:
        """Return the units that are there on this day."""
        return [each for each in self.entries.values() if each.period.holds(day)]

    def in_force(self, code: str, day: date) -> tuple[UnitEntry, ...]:
        """Return the unit of this code, or what followed it by this day: several, where it was divided."""
        return tuple(dict.fromkeys(self._followed(code, day, frozenset())))

    def _followed(self, code: str, day: date, seen: frozenset[str]) -> Iterator[UnitEntry]:
        entry = self.entries.get(code)
        if entry is None or code in seen:
            return
        if entry.period.holds(day):
            yield entry
            return
        for successor in entry.successors:
            yield from self._followed(successor, day, seen | {code})

    def named(self, typed: str) -> tuple[UnitEntry, ...]:
        """Return the units a typed text may mean: by code, else by name without accents, whole names first."""
        behind = _CODE_BEHIND.search(typed)
        code = behind[1].strip() if behind else typed.strip()
        if code in self.entries:
            return (self.entries[code],)
        wanted = folded(typed)
        exact = [entry for called, name, entry in self._names if wanted in (called, name)]
        if exact or not wanted:
            return tuple(exact)
        words = wanted.replace(",", " ").split()
        return tuple(entry for called, _, entry in self._names if all(word in called for word in words))


class UnitAnswer(Answer):
    """A commune or ward, typed by name or code. Without a register, only a code of the right shape is taken."""

    _register: UnitRegister | None = None
    _day: date | None = None

    def offer_units(self, register: UnitRegister, day: date) -> None:
        """Take this register, on this day."""
        self._register, self._day = register, day

    @property
    def options(self) -> list[UnitEntry]:
        """The units to offer on the day, none without a register."""
        return self._register.on(self._day) if self._register and self._day else []

    @property
    def fact(self) -> Any:
        """The code of the one unit that was meant, None where there is none or several."""
        meant = self._meant
        return meant[0].code if len(meant) == 1 else None

    @property
    def _meant(self) -> tuple[UnitEntry, ...]:
        typed = super().fact
        if typed is None:
            return ()
        if self._register is None or self._day is None:
            return (UnitEntry(typed, typed),) if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", typed) else ()
        found = [entry for entry in self._register.named(typed) if not entry.is_wider]
        there = [entry for entry in found if entry.period.holds(self._day)]
        return tuple(there) if there else self._after(found)

    def _after(self, found: Iterable[UnitEntry]) -> tuple[UnitEntry, ...]:
        if self._register is None or self._day is None:
            return ()
        followed = (each for entry in found for each in self._register.in_force(entry.code, self._day))
        return tuple(dict.fromkeys(followed))

    @property
    def moved(self) -> Sentence | None:
        """What is told where a unit of the past was typed and one unit followed it."""
        typed = super().fact
        meant = self._meant
        if typed is None or self._register is None or self._day is None or len(meant) != 1:
            return None
        named = self._register.named(typed)
        if meant[0] in named or not named:
            return None
        return Sentence("“%(old)s” nay thuộc “%(new)s”.", old=named[0].called, new=meant[0].called)

    def pre_validate(self, form: Any) -> None:
        """Refuse what names no unit of the day, or more than one."""
        super().pre_validate(form)
        if self.data is None:
            return
        meant = self._meant
        wider: tuple[UnitEntry, ...] = ()
        if not meant and self._register is not None:
            wider = self._register.named(self.data)
        led_to = self._after(wider)
        if led_to and wider:
            said = Sentence("“%(old)s” không còn, hãy chọn xã, phường nay: %(names)s.", old=wider[0].called,
                            names=_names(led_to))  # fmt: skip
            raise StopValidation(about(self.spec.label, said))
        if not meant:
            said = Sentence("không có xã, phường nào tên như vậy, hãy gõ lại tên hoặc mã đơn vị hành chính.")
            raise StopValidation(about(self.spec.label, said))
        if len(meant) > 1:
            raise StopValidation(about(self.spec.label, _several(meant)))

    def _value(self) -> str:
        known = self.fact
        entry = self._register.entries.get(known) if self._register and known else None
        return f"{entry.called} ({entry.code})" if entry else super()._value()


def _names(units: tuple[UnitEntry, ...]) -> Sentence:
    return joined([f"{entry.called} ({entry.code})" for entry in units[:MOST_NAMED]], "; ")


def _several(meant: tuple[UnitEntry, ...]) -> Sentence:
    names = _names(meant)
    if len(meant) > MOST_NAMED:
        return Sentence("có %(count)s đơn vị khớp, hãy gõ thêm: %(names)s…", count=len(meant), names=names)
    return Sentence("có %(count)s đơn vị khớp, hãy chọn một: %(names)s.", count=len(meant), names=names)
