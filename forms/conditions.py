"""Which fields are shown and required, by the same cell tests that the rules use.

A field that is not shown is not answered: the conditions that read it see an unknown fact.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rules.definition.procedure import Field, ProcedureDefinition
from rules.table.decision import Condition
from rules.vocabulary import Facts


def shown(definition: ProcedureDefinition, facts: Facts) -> frozenset[str]:
    """Return the ids of the fields shown when these facts are known."""
    return shown_fields(definition.fields, facts)


def shown_fields(fields: Sequence[Field], facts: Facts) -> frozenset[str]:
    """Return the ids of the shown ones among these fields; other facts are taken as they are."""
    sight = _Sight(fields, facts)
    return frozenset(field.id for field in fields if sight.sees(field.id))


def required_fields(fields: Sequence[Field], facts: Facts) -> frozenset[str]:
    """Return the ids of the fields that are shown and must be answered."""
    sight = _Sight(fields, facts)
    return frozenset(
        field.id
        for field in fields
        if sight.sees(field.id) and (sight.holds(field.required) if _conditional(field) else field.required)
    )


def read_only_fields(fields: Sequence[Field], facts: Facts) -> frozenset[str]:
    """Return the ids of the fields whose answers cannot be changed."""
    sight = _Sight(fields, facts)
    return frozenset(field.id for field in fields if field.read_only_when and field.read_only_when.holds(sight))


def _conditional(field: Field) -> bool:
    return isinstance(field.required, Condition)


class _Sight(Mapping[str, Any]):
    """The facts as conditions see them: the answers of hidden fields are unknown.

    Two fields that wait for each other are both hidden, whichever is asked about first.
    """

    def __init__(self, fields: Sequence[Field], facts: Facts) -> None:
        self._fields = {field.id: field for field in fields}
        self._facts = facts
        self._seen: dict[str, bool] = {}
        self._waiting: set[str] = set()

    def sees(self, field_id: str) -> bool:
        """Tell whether the field is shown."""
        if field_id in self._waiting:
            return False
        if field_id not in self._seen:
            self._waiting.add(field_id)
            condition = self._fields[field_id].shown_when
            self._seen[field_id] = condition is None or condition.holds(self)
            self._waiting.discard(field_id)
        return self._seen[field_id]

    def holds(self, required: bool | Condition) -> bool:
        """Tell whether an answer is required."""
        return required.holds(self) if isinstance(required, Condition) else required

    def __getitem__(self, key: str) -> Any:
        if key in self._fields and not self.sees(key):
            raise KeyError(key)
        return self._facts[key]

    def __iter__(self) -> Any:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)
