"""The trial before publication: a child process compiles every table and matches a witness of every row.

Whatever the engine may do to its process, it does to the child: within five seconds of work, with bounded memory.
"""

import resource
import signal
import subprocess
import sys
from pathlib import Path

from rules.codec import canonical_json, definition_from_json
from rules.definition.procedure import ProcedureDefinition
from rules.errors import Problem, RulesError
from rules.evaluation.compile import ReferenceTable, compiled
from rules.match.witness import witness
from rules.vocabulary import Vocabulary

SECONDS = 5
# A loaded machine may let the child wait: only its own work counts, and this ends a child that works no more.
PATIENCE = 60
MEMORY = 2 * 1024**3
_ROOT = Path(__file__).parents[1]


def trial(definition: ProcedureDefinition) -> tuple[Problem, ...]:
    """Return what the trial found: nothing when every table compiles and every row hits its own witness."""
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter and this module
            [sys.executable, "-m", "rules.trial", str(SECONDS)],
            input=canonical_json(definition).encode(),
            capture_output=True,
            cwd=_ROOT,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return (_too_long(),)
    if done.returncode == -signal.SIGXCPU:
        return (_too_long(),)
    found = done.stdout.decode().splitlines()
    if done.returncode != 0 and not found:
        found = [f"Thử các bảng thất bại (mã {done.returncode})."]
    return tuple(Problem(("tables",), line, "Chưa công bố được: báo người quản trị hệ thống.") for line in found)


def _too_long() -> Problem:
    return Problem(("tables",), f"Thử các bảng quá {SECONDS} giây chưa xong.", "Chia bảng lớn thành nhiều bảng.")


def _bounded(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))  # the first bound tells, the second ends
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def faults(definition: ProcedureDefinition) -> list[str]:
    """Name the rows that do not hit their own witness, and the tables on which the matchers differ."""
    procedure = compiled(definition)
    return [fault for table in procedure.tables.values() for fault in _faults_of(table, procedure.vocabulary)]


def _faults_of(compiled_table: ReferenceTable, vocabulary: Vocabulary) -> list[str]:
    table = compiled_table.table
    found: list[str] = []
    for place, row in enumerate(table.rows):
        facts, on = witness(table, row, vocabulary)
        try:
            hit = compiled_table.match(facts, on).hit
        except RulesError as error:
            found.append(str(error))
            continue
        if place not in hit:
            found.append(f"Dòng “{row.id}” của bảng “{table.id}” không nhận hồ sơ nào, kể cả hồ sơ dựng riêng cho nó.")
    return found


def _main() -> int:
    _bounded(int(sys.argv[1]))
    try:
        found = faults(definition_from_json(sys.stdin.read()))
    except RulesError as error:
        found = [str(error)]
    sys.stdout.write("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(_main())
