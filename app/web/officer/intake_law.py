"""What the intake form tells the browser: its law once, and with every answer what only the server can know."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from app.services import dossier as dossiers
from app.web.officer.questions import ANSWERS, APPLICANT, FILING, FILING_FIELDS, code_list, filing_lists, form_of
from forms.applicant import FIELDS
from forms.browser import Part, encoded_facts, form_law
from rules.formula.nodes import Call, Code, Name, Node
from rules.vocabulary import APPLICANT_KINDS, ORGANISATIONS

_KIND = Name("applicant_kind")
_IS_ORGANISATION = Call("and", (Call("known", (_KIND,)), Call("in", (_KIND, *map(Code, ORGANISATIONS)))))
LENT: Mapping[str, Node] = MappingProxyType(
    {
        "channel": Name("channel"),
        "applicant_kind": _KIND,
        "digital_citizen": Call("if", (_IS_ORGANISATION, Call("false", ()), Name("digital_citizen"))),
    }
)
"""What the questions about applicant and filing give to the procedure's own, as `dossiers.known_facts` does."""


def law_of(form: Any) -> dict[str, Any]:
    """Return the law of an intake form's page as JSON."""
    constants = dossiers.known_facts(form.unit, channel=None, applicant_kind=None, digital_citizen=None)
    return _law(form.version.whole_sha256, form.version.definition, form.on, tuple(sorted(constants.items())))


@lru_cache(maxsize=256)
def _law(whole_sha256: str, text: str, on: date, constants: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """Return the law of a version on a day at a desk; every page and every answer of the day asks for the same."""
    definition, _ = form_of(whole_sha256, text)
    kinds, ways = dossiers.kinds_of(definition), dossiers.ways_of(definition)
    before = [
        Part(APPLICANT, FIELDS, (code_list("applicant_kind", {kind: APPLICANT_KINDS[kind] for kind in kinds}),)),
        Part(FILING, FILING_FIELDS, filing_lists(ways)),
    ]
    own = Part(ANSWERS, definition.fields, definition.lists)
    return form_law(own, definition, on=on, before=before, lent=LENT, constants=dict(constants))


def told_to(form: Any) -> dict[str, Any]:
    """Return what only the server knows of an intake form as it stands.

    `facts` are read by its conditions, `asked` are the questions the outcome hangs on, `idle` those it does not wait
    for.
    """
    served: frozenset[str] = frozenset(law_of(form)["served"])
    known = {**form.facts, **form.answers.known}
    return {
        "facts": encoded_facts({name: known[name] for name in served & known.keys()}),
        "asked": sorted(_asked(form)),
        "idle": sorted(form.answers[name].name for name in form.idle),
    }


def _asked(form: Any) -> Iterator[str]:
    for name in form.awaited_answers:
        yield from (part[name].name for part in (form.applicant, form.answers) if name in part)
