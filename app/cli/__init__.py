"""The door commands come in by, above even the factory: a command builds the application it needs, or none.

`clock`, `decide` and `procedure` never touch a database, so each command's module is loaded only when it is asked for.
"""

from importlib import import_module

COMMANDS = {
    "bench": "app.cli.bench",
    "bench-large": "app.cli.bench_large",
    "bench-rules": "app.cli.bench_rules",
    "clock": "app.cli.clock",
    "demo": "app.cli.demo",
    "decide": "app.cli.decide",
    "prepare": "app.cli.prepare",
    "procedure": "app.cli.procedure",
}


def main(argv: list[str]) -> int:
    """Run one command of the application and return its exit status."""
    command, *rest = argv
    return import_module(COMMANDS[command]).main(rest)
