"""Invented people in any number (người mẫu): each is worked out from a number alone.

Their citizen numbers are built like real ones and lie in the range 99xxxx that the samples keep to themselves.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from app.services.sample import read_sample
from rules.evaluation.allowed import is_tax_code

PROVINCES = ("087", "082")
OLDEST, YEARS = 1946, 61
SERIALS = 9_000
MOST_PEOPLE = len(PROVINCES) * 2 * YEARS * SERIALS
"""So many people can be told apart by number; serials from 9000 on belong to the people of `samples/persons.yaml`."""

_SPREAD = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person with everything that a desk asks of an applicant."""

    full_name: str
    birth_day: date
    citizen_id: str
    phone: str
    house: str
    """The house and the street or hamlet; the commune is the reader's to add."""


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Return the words that names are put together from."""
    return read_sample("names.yaml")


def mixed(number: int) -> int:
    """Return 64 bits that look random and depend on the number alone (the finaliser of SplitMix64)."""
    value = (number + 1) * _SPREAD & _MASK
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & _MASK
    return value ^ value >> 31


def person(number: int) -> Person:
    """Return the invented person of this number, from 0 to before `MOST_PEOPLE`."""
    rest, place = divmod(number, len(PROVINCES))
    rest, sex = divmod(rest, 2)
    serial, year = divmod(rest, YEARS)
    born = OLDEST + year
    bits = mixed(number)
    century = sex + (2 if born >= 2000 else 0)
    return Person(
        full_name=name_of(bits, is_female=bool(sex)),
        birth_day=date(born, 1 + (bits >> 40) % 12, 1 + (bits >> 44) % 28),
        citizen_id=f"{PROVINCES[place]}{century}{born % 100:02}99{serial:04}",
        phone=f"0900{number % 1_000_000:06}",
        house=_house(bits),
    )


def name_of(bits: int, *, is_female: bool) -> str:
    """Return a full name put together by these bits."""
    known = words()
    families, parts = known["families"], known["female" if is_female else "male"]
    middle, given = parts["middle"], parts["given"]
    return (
        f"{families[bits % len(families)]} {middle[(bits >> 8) % len(middle)]} {given[(bits >> 16) % len(given)]}"
    )  # fmt: skip


def _house(bits: int) -> str:
    known = words()
    if bits >> 32 & 1:
        return f"Số {1 + (bits >> 33) % 300} đường {known['streets'][(bits >> 48) % len(known['streets'])]}"
    return str(known["hamlets"][(bits >> 48) % len(known["hamlets"])])


def tax_code(number: int) -> str:
    """Return the tax code of an invented organisation, its check digit right, in the range 999."""
    for first in ("999", "998"):
        nine = f"{first}{number:06}"
        found = next((nine + digit for digit in "0123456789" if is_tax_code(nine + digit)), None)
        if found is not None:
            return found
    raise AssertionError("of two such numbers one has a check digit")


def organisation_name(number: int) -> str:
    """Return the name of an invented organisation; its number in the name tells it apart."""
    known, bits = words(), mixed(number ^ _SPREAD)
    place = known["places"][(bits >> 8) % len(known["places"])]
    return f"Công ty TNHH {known['businesses'][bits % len(known['businesses'])]} {place} {number + 1}"
