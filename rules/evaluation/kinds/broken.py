"""What cannot be worked out however much is known: a number too large to count, a divisor of 0, rules that disagree."""

from collections.abc import Iterable

from rules.evaluation.situation import Situation


def rests_on_broken(tables: Iterable[str], facts: Iterable[str], situation: Situation) -> bool:
    """Tell whether these facts and tables lack a value because one that they are made from cannot be worked out."""
    waiting = [*facts, *(name for table in tables for name in situation.procedure.tables[table].table.inputs)]
    seen: set[str] = set()
    while waiting and situation.broken:
        name = waiting.pop()
        if name in situation.broken:
            return True
        if name not in seen and situation.facts.get(name) is None:
            seen.add(name)
            waiting.extend(situation.procedure.made_from.get(name, ()))
    return False
