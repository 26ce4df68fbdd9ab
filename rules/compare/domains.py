"""Between which values facts lie for sure: nothing is assumed of a number whose bounds nobody declared."""

from rules.definition.procedure import Field, ProcedureDefinition
from rules.domains import domains_of_rules

Bounds = tuple[int | None, int | None]


def declared_domains(definition: ProcedureDefinition) -> dict[str, Bounds]:
    """Return the least and the most of numbers and days, both included, as fields declare them or rules give them.

    A proof before publication may take it that no count is negative; here a dossier left out would be a change untold.
    """
    found: dict[str, Bounds] = {"accepted_minute": (0, 24 * 60 - 1)}
    for name, interval in domains_of_rules(definition):
        found[name] = (interval.low, interval.high)
    for field in definition.fields:
        found.update({name: (each.min, each.max) for name, each in _named(field)})
    found.update({spec.id: (spec.min, spec.max) for spec in definition.facts if not spec.is_made})
    return found


def _named(field: Field) -> list[tuple[str, Field]]:
    return [(field.id, field), *((f"{field.id}.{inner.id}", inner) for inner in field.fields)]
