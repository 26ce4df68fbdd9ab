"""Texts that are made before there is a request: they become words in the reader's language when they are shown."""

from collections.abc import Callable
from typing import Any

import flask_babel

# WTForms and FAB take these texts wherever they take a `str`, but do not say so in their types.
lazy_gettext: Callable[..., Any] = flask_babel.lazy_gettext
