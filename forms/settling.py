"""Answers show and hide each other through facts that are computed from them: read again until nothing changes."""

from collections.abc import Callable
from typing import Any

from forms.facts import read_facts
from rules.definition.procedure import ProcedureDefinition
from rules.vocabulary import Facts


def settle(
    definition: ProcedureDefinition, form: Any, around: Facts, made: Callable[[dict[str, Any]], Facts]
) -> dict[str, Any]:
    """Return the facts of a form under conditions that read what is `made` of these facts, and facts from `around`.

    Afterwards the form knows both. Conditions that turn in a circle (shown only while it is empty) never settle: after
    two looks more than there are fields they are left as they are, so that no definition can hold a page for ever.
    """
    form.known = around
    read: dict[str, Any] | None = None
    for _ in range(len(definition.fields) + 2):
        facts = read_facts(definition, form)
        if facts == read:
            break
        read = facts
        form.known = {**around, **made(facts)}
    return read or {}
