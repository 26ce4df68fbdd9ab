"""How commands answer: one JSON object on standard output, and an exit status."""

import json
import sys
from typing import Any


def answered(answer: dict[str, Any], status: int) -> int:
    """Print the answer and return the status."""
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
    return status
