"""Where in a JSON text something stands that Python's reader refuses without telling its place."""

import json
import re

_DEEP = 10
"""Facts never nest as deeply: values, lists, and rows of groups, which a batch holds one level further down."""

_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]|-?[0-9][0-9.eE+-]*|-?Infinity|NaN')
_COLON = re.compile(r"[ \t\r\n]*:")


def token_at(text: str, token: str) -> int:
    """Return the position of a number, or of its beginning, or of a word, outside of every quoted text."""
    return next(found.start() for found in _TOKENS.finditer(text) if found[0].startswith(token))


def nested_at(text: str) -> int:
    """Return the position of the first bracket that opens a level too many."""
    depth = 0
    for found in _TOKENS.finditer(text):
        depth += (found[0] in "[{") - (found[0] in "]}")
        if depth > _DEEP:
            return found.start()
    return 0


def written_again_at(text: str, name: str) -> int:
    """Return the position of the second of two keys of this name in one object."""
    names: list[bool] = []  # for every open bracket, whether the name was among its keys
    for found in _TOKENS.finditer(text):
        if found[0] in "[{":
            names.append(False)
        elif found[0] in "]}":
            names.pop()
        elif found[0][0] == '"' and _COLON.match(text, found.end()) and json.loads(found[0]) == name:
            if names[-1]:
                return found.start()
            names[-1] = True
    return 0
