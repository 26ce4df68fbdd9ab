"""Finding dossiers by a part of their code or of the applicant's name, within the scope of who asks."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, BigInteger, Select, Text, func, select, type_coerce

SHORTEST_INSIDE = 3


def find_dossiers(words: str, moving: Sequence[str], at_most: int) -> Select[int]:
    """Return the ids of dossiers that hold these folded words: all in the moving states, of others at most so many.

    One or two letters find the words that begin with them: an index of three letters cannot find them inside a word.
    """
    said = words if len(words) >= SHORTEST_INSIDE else f" {words}"
    found = func.find_dossiers(said, type_coerce(list(moving), ARRAY(Text)), at_most)
    return select(type_coerce(found.column_valued("found"), BigInteger))
