"""A definition as commands read it: one file, and the registers of another put in place of its own."""

from dataclasses import dataclass
from typing import Any

from app.importers.strict_yaml import Loaded
from rules.codec import definition_from
from rules.definition import ProcedureDefinition
from rules.errors import DefinitionError, Problem
from rules.overrides import Overridden, overridden
from rules.reading import mapping_of

NO_DEFINITION = Problem((), "Tệp không phải là một định nghĩa.", "Bắt đầu tệp bằng format: 1.")


class UnreadableDefinitionError(Exception):
    """What the files say is no definition; `problems` are plain data, each with its file and line."""

    def __init__(self, problems: list[dict[str, Any]]) -> None:
        super().__init__("unreadable definition")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Files:
    """The two files, and which of them a place of the joined data stands in."""

    definition: Loaded
    registers: Loaded | None
    joined: Overridden | None = None

    def located(self, problem: Problem) -> dict[str, Any]:
        """Return the problem as plain data with its line, and the word that it is the registers' line."""
        ours = self.registers is not None and (self.joined is None or self.joined.came_from_registers(problem.where))
        if ours and self.registers is not None:
            return {"file": "registers", "line": self.registers.line_of(problem.where), **problem.to_data()}
        return {"line": self.definition.line_of(problem.where), **problem.to_data()}


def definition_and_registers(definition: Loaded, registers: Loaded | None) -> ProcedureDefinition:
    """Return the definition that two loaded files give together; the second may be missing.

    Raises UnreadableDefinitionError.
    """
    files = _Files(definition, registers)
    data = mapping_of(definition.data)
    if data is None:
        raise UnreadableDefinitionError([{"line": 1, **NO_DEFINITION.to_data()}])
    try:
        if registers is not None:
            files = _Files(definition, registers, overridden(data, registers.data))
        return definition_from(files.joined.data if files.joined else data)
    except DefinitionError as wrong:
        raise UnreadableDefinitionError([files.located(problem) for problem in wrong.problems]) from wrong
