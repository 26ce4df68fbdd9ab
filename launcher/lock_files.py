"""`make lock`: resolve the dependencies anew and write the locks; no lock names an index, a registry or a host."""

import json
import shutil
import subprocess
import sys

from launcher.console import complain
from launcher.setup import PROJECT, REQUIREMENTS

LOCKS = {
    "build.in": "build.txt", "node.in": "node.lock", "runtime.in": "runtime.lock", "dev.in": "dev.lock",
    "bench.in": "bench.lock",
}  # fmt: skip
OPTIONS = (
    "--quiet", "--universal", "--python-version=3.11", "--generate-hashes", "--no-header", "--no-annotate",
    "--no-emit-index-url", "--no-emit-find-links", "--upgrade",
)  # fmt: skip


def main() -> int:
    """Write every lock; return the exit code."""
    missing = [name for name in ("uv", "npm") if shutil.which(name) is None]
    if missing:
        complain(f"Cần có {', '.join(missing)} trên PATH (needed on PATH).")
        return 1
    for source, lock in LOCKS.items():
        # dev.lock must agree with what runs: the runtime's versions bind it.
        bound = ["--constraint", str(REQUIREMENTS / "runtime.lock")] if source == "dev.in" else []
        command = ["uv", "pip", "compile", str(REQUIREMENTS / source), "--output-file", str(REQUIREMENTS / lock)]
        subprocess.run([*command, *OPTIONS, *bound], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    subprocess.run(["npm", "install", "--package-lock-only"], check=True, cwd=PROJECT)  # noqa: S607
    forget_funding()
    return 0


def forget_funding() -> None:
    """Take the addresses of sponsors' pages out of npm's lock; npm copies them there and never needs them."""
    file = PROJECT / "package-lock.json"
    lock = json.loads(file.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)
    file.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
