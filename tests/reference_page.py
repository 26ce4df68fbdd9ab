"""The reference page of the definition format, and the definitions that its fenced blocks make."""

import re
from pathlib import Path
from typing import Any

from app.importers import strict_yaml

PAGE = (Path(__file__).parents[1] / "docs" / "reference" / "definition.md").read_text("utf-8")

RUNNING = "\n".join(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
"""The running definition: the unnamed blocks, put one after the other."""

SMALLEST = re.findall(r"```yaml smallest\n(.*?)```", PAGE, re.DOTALL)
"""Blocks that are definitions by themselves."""

INSTEAD = re.findall(r"```yaml instead\n(.*?)```", PAGE, re.DOTALL)
"""Blocks whose keys take the place of those of the running definition."""


def definitions() -> dict[str, Any]:
    """Return every definition of the page by name, as plain data."""
    running = strict_yaml.load(RUNNING).data
    whole = {f"smallest {place}": strict_yaml.load(text).data for place, text in enumerate(SMALLEST, 1)}
    others = {f"instead {place}": {**running, **strict_yaml.load(text).data} for place, text in enumerate(INSTEAD, 1)}
    return {"running": running, **whole, **others}
