"""Runs: a set of places on one axis as half-open stretches in order, apart from each other."""

from collections.abc import Iterable, Iterator

Runs = tuple[tuple[int, int], ...]
"""Half-open stretches of places, in order, none touching the next."""

NOWHERE: Runs = ()


def runs_of(places: Iterable[int]) -> Runs:
    """Return the runs of these places."""
    return union((place, place + 1) for place in places)


def union(stretches: Iterable[tuple[int, int]]) -> Runs:
    """Return the runs that cover all these stretches."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(stretches):
        if low >= high:
            continue
        if merged and low <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], high)
        else:
            merged.append((low, high))
    return tuple(merged)


def shared(one: Runs, other: Runs) -> Runs:
    """Return the places in both."""
    if one == other:
        return one
    met = ((max(low, from_), min(high, to)) for low, high in one for from_, to in other)
    return union(stretch for stretch in met if stretch[0] < stretch[1])


def rest(runs: Runs, size: int) -> Runs:
    """Return the places of an axis of this size that are not in the runs."""
    edges = [0, *(edge for stretch in runs for edge in stretch), size]
    return union(zip(edges[::2], edges[1::2], strict=True))


def within(inner: Runs, outer: Runs) -> bool:
    """Tell whether every place of the first is in the second."""
    return all(any(from_ <= low and high <= to for from_, to in outer) for low, high in inner)


def places(runs: Runs) -> Iterator[int]:
    """Yield the places, in order."""
    for low, high in runs:
        yield from range(low, high)
