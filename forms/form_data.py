"""What a browser would send for a form."""

from collections.abc import Iterator, Mapping, Sequence


class FormData(Mapping[str, str]):
    """Names and typed values of a form, as a browser would send them; several values of a name keep their order."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = {name: list(several) for name, several in values.items() if several}

    def __getitem__(self, key: str) -> str:
        return self._values[key][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, name: str) -> list[str]:
        """Return all values of a name, none where it is missing."""
        return list(self._values.get(name, ()))
