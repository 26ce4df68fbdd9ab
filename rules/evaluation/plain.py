"""An outcome as plain JSON values, and what of it is left out while it says nothing."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

UNSAID: Mapping[str, Any] = {
    "rows": [],
    "sets": 1,
    "accepted": [],
    "returned": "",
    "one_of": "",
    "fallback": None,
    "valid": None,
    "cases": [],
    "notices": [],
    "steps": [],
    "route": None,
    "examination": None,
    "results": [],
    "result_code": "",
    "code": "",
    "book": None,
    "number": "",
    "signer": None,
    "type": "",
    "result_type": "",
    "data": [],
    "process": None,
    "linked": None,
    "role": None,
    "quota": None,
    "acts": [],
    "stop": "",
    "sent": "",
    "acknowledge_by": "",
    "acknowledged": "",
    "result": None,
}
"""Parts of an outcome that are left out while they say nothing: so outcomes kept from before keep their hash."""


def said(finding: Any) -> dict[str, Any]:
    """Return a finding as plain JSON values without the parts that say nothing."""
    data = {name: plain(getattr(finding, name)) for name in finding.__slots__}
    return {name: each for name, each in data.items() if name not in UNSAID or each != UNSAID[name]}


def plain(value: Any) -> Any:
    """Return plain JSON values for what an evaluation holds; days and moments become ISO text."""
    kind = value.__class__
    if kind in _AS_IT_IS:
        return value
    if kind is tuple or kind is list:
        return [plain(item) for item in value]
    return _way_of(kind)(value)


_AS_IT_IS = frozenset({str, int, bool, type(None)})


@lru_cache(maxsize=256)
def _way_of(kind: type[Any]) -> Callable[[Any], Any]:
    """Return how values of this type become plain."""
    if hasattr(kind, "to_data"):
        return lambda value: value.to_data()
    if issubclass(kind, date):
        return lambda value: value.isoformat()
    if issubclass(kind, StrEnum):
        return lambda value: value.value
    if issubclass(kind, Mapping):
        return lambda value: {str(key): plain(item) for key, item in sorted(value.items())}
    assert hasattr(kind, "__dataclass_fields__"), f"an evaluation holds no {kind.__name__}"
    names = tuple(kind.__slots__)
    return lambda value: {name: plain(getattr(value, name)) for name in names}
