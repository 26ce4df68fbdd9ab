"""`make bench`: install the engines that ours is measured against, locked, into a folder that nothing else reads."""

import shutil
import sys

from launcher.console import LauncherRefusal, complain
from launcher.setup import ENVIRONMENT, PIP, PYTHON, REQUIREMENTS, Step, run

FOLDER = ENVIRONMENT / "bench"
LOCK = REQUIREMENTS / "bench.lock"


def main() -> int:
    """Install them unless the lock has not changed since; return the exit code."""
    step = Step(
        "bench", "Lấy các bộ quy tắc khác để so tốc độ", "fetching the other engines to measure against",
        [LOCK], FOLDER, install,
    )  # fmt: skip
    try:
        step.run()
    except LauncherRefusal as refusal:
        complain(str(refusal))
        return 1
    return 0


def install() -> None:
    """Make the folder anew with exactly what the lock names."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    run([PYTHON, *PIP, "--no-deps", "--target", FOLDER, "-r", LOCK])


if __name__ == "__main__":
    sys.exit(main())
