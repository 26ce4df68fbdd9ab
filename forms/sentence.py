"""A Vietnamese sentence with values in it that remembers how it was made, so that a page can say it in English.

Acts, importers and forms do not know who reads them: they make the sentence, the page says it in the reader's language.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

from rules.values import Text

Value = str | int | Text


class Sentence(str):
    """A text for people with values in its named places: `Sentence("Năm %(year)s nằm ngoài lịch.", year=1999)`.

    It is the finished Vietnamese text wherever a text is taken. A value that is a Sentence or a Text is said in the
    reader's language too; any other value is data and stands as it is. A text without places or without values is not
    a pattern, so it may hold a sign of percent.
    """

    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str, /, **values: Value) -> Self:
        """Fill the places of the template; one that is filled writes a sign of percent as `%%`."""
        sentence = super().__new__(cls, _filled(str(template), values))
        sentence.template, sentence.values = str(template), values
        return sentence

    def told(self, say: Callable[[str | Text], str]) -> str:
        """Return the text in the language of `say`, which translates the template and the values that are texts."""
        values = {
            name: say(value) if isinstance(value, Sentence | Text) else value for name, value in self.values.items()
        }
        return _filled(say(self.template), values)

    def to_data(self) -> dict[str, Any]:
        """Return the sentence as plain JSON values."""
        return {"text": self.template, "values": {name: kept(value) for name, value in self.values.items()}}


def sentence_of(text: str, values: Mapping[str, Value]) -> Sentence:
    """Return a template with these values as a sentence; one that is a sentence already stays as it is."""
    return text if isinstance(text, Sentence) else Sentence(text, **values)


def joined(parts: Iterable[str | Text], between: str = " ") -> Sentence:
    """Return texts one after the other as one text; empty ones are left out."""
    filled = {f"part_{number}": part for number, part in enumerate(part for part in parts if str(part))}
    return Sentence(between.join(f"%({name})s" for name in filled), **filled)


def kept(value: Value) -> Any:
    """Return a value, a sentence or a plain text as JSON values from which `unkept` makes it again."""
    return value.to_data() if isinstance(value, Sentence | Text) else value


def unkept(data: Any) -> Any:
    """Return what `kept` was given; JSON values of any other shape stay as they are."""
    match data:
        case {"text": str(template), "values": values}:
            return Sentence(template, **{name: unkept(value) for name, value in values.items()})
        case {"vi": str(vi)}:
            return Text(vi, data.get("en", ""))
        case _:
            return data


def _filled(template: str, values: Mapping[str, Value]) -> str:
    return template % values if values and "%(" in template else template
