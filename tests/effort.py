"""How hard a property is tried: in the quick run with a part of its examples, in the long runs with all of them."""

import os

from hypothesis import settings

PART, AT_LEAST = 3, 25


def examples(whole: int) -> settings:
    """Return the settings of a property: `whole` examples in `make soak`, a third of them in the quick run."""
    count = whole if os.environ.get("SOAK") == "1" else max(whole // PART, min(whole, AT_LEAST))
    return settings(max_examples=count, deadline=None)
