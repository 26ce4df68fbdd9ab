"""What the launcher says on the terminal: Vietnamese first, English in parentheses."""

import sys


class LauncherRefusal(Exception):  # noqa: N818  a refusal is an answer to a person, not a fault
    """The launcher will not go on; the text is the whole sentence for the person at the terminal."""


def say(vietnamese: str, english: str = "") -> None:
    """Write one line at once, so that progress is seen while a phase still runs."""
    sys.stdout.write(both(vietnamese, english) + "\n")
    sys.stdout.flush()


def complain(sentence: str) -> None:
    """Write one line of trouble to the error stream."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def both(vietnamese: str, english: str = "") -> str:
    """Return the two languages as one sentence."""
    return f"{vietnamese} ({english})" if english else vietnamese
