"""The command that writes the sample catalogue; the page of the catalogue import hands out the same workbook."""

import sys
from pathlib import Path

from app.services.sample_catalog import FILE_NAME, sample_lines, sample_workbook

ROWS = sample_lines()


def write_sample_workbook(path: Path) -> Path:
    """Write the sample workbook to `path`, replacing what stands there, and return the path."""
    path.write_bytes(sample_workbook())
    return path


def main(arguments: list[str]) -> int:
    """Write the workbook where the first argument says, or here under its usual name."""
    place = write_sample_workbook(Path(arguments[0] if arguments else FILE_NAME))
    sys.stdout.write(f"{place}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
