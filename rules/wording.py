"""How a sentence of both languages is put together from texts of both; what has no English stands in Vietnamese."""

from collections.abc import Iterable

from rules.values import Text


def phrase(vi: str, en: str, *parts: Text | str) -> Text:
    """Fill the `{}` of both patterns with the parts, in the order of writing; a plain part reads alike in both."""
    return Text(
        vi.format(*[part if isinstance(part, str) else part.vi for part in parts]),
        en.format(*[part if isinstance(part, str) else part.en or part.vi for part in parts]),
    )


def headed(head: Text, said: Text) -> Text:
    """Write `head: said` in both languages: what nearly every reason is made of."""
    return Text(f"{head.vi}: {said.vi}", f"{head.en or head.vi}: {said.en or said.vi}")


def followed(said: Text, vi: str, en: str, more: Text) -> Text:
    """Write a text and, behind a few words of each language, another: `giảm 50%` and `, còn ` and `5.000 đ`."""
    return Text(f"{said.vi}{vi}{more.vi}", f"{said.en or said.vi}{en}{more.en or more.vi}")


def same(said: str) -> Text:
    """Return a number, a name or a code that both languages write alike."""
    return Text(said, said)


def joined(parts: Iterable[Text], vi: str, en: str = "") -> Text:
    """Write the parts one after the other with a word or sign between them, the same in both where English has none."""
    texts = list(parts)
    return Text(vi.join([text.vi for text in texts]), (en or vi).join([text.en or text.vi for text in texts]))


def so_many(number: int, unit: str) -> str:
    """Count in English: `1 working day`, `2 working days`."""
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def begun(text: Text) -> Text:
    """Begin a sentence: the first letter large."""
    return Text(text.vi[:1].upper() + text.vi[1:], text.english[:1].upper() + text.english[1:])


def inner(text: Text) -> Text:
    """Put a label inside a sentence: the first letter small, but abbreviations (UBND, CCCD) as they are."""
    return Text(_small(text.vi), _small(text.english))


def _small(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
