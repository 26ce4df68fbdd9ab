"""The marks of a sentence: quotes around names that people gave, a capital to begin with, a full stop to end with."""

from rules.values import Text
from rules.wording import begun, phrase


def quoted(name: Text | str) -> Text:
    """Return a name in quotes: it may hold commas, and nobody takes it for a word of the sentence."""
    return phrase("“{}”", "“{}”", name)


def bare(said: Text) -> Text:
    """Return a text without the full stop it may end with, to stand inside a sentence."""
    return Text(said.vi.strip().rstrip("."), said.english.strip().rstrip("."))


def as_example(said: Text, example: Text | None) -> Text:
    """Return a figure with the word that it is only an example, and of what; as it is where it is law."""
    if example is None:
        return said
    return phrase("{} (ví dụ, không phải quy định: {})", "{} (an example, not law: {})", said, bare(example))


def sentence(said: Text) -> Text:
    """Return a text as a sentence on one line."""
    return begun(Text(_ended(said.vi), _ended(said.english)))


def _ended(said: str) -> str:
    line = " ".join(said.split())
    return line if line.endswith((".", "!", "?", "…", ":")) else f"{line}."
