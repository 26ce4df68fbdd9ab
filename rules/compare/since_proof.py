"""What a definition rests on that changed since it was last proved: lists, parameters, territories, shared rule sets.

A definition carries its registers whole, as they were when it was proved. Each entry that reads otherwise now is put
into it alone, and the two are compared: what that changes for this procedure, with a dossier that shows it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from rules.check.findings import Finding, FindingKind
from rules.clock.calendar import OfficeTime
from rules.codec import definition_from, law_hash, whole_hash
from rules.compare.difference import Comparison, Weight
from rules.compare.part_words import part_words
from rules.compare.versions import compare
from rules.definition.procedure import ProcedureDefinition
from rules.errors import Place, Severity
from rules.overrides import SECTIONS, overridden
from rules.reading import mapping_of

MOST_PARTS = 12
"""So many changed entries are compared; of more it is said which were not."""

STEPS = 60_000
"""The budget of steps for each table that a changed entry is compared by."""

Data = Mapping[str, Any]


def changed_since_proof(proved: Data, registers: Data, office: OfficeTime) -> Iterator[Finding]:
    """Yield the entries of the registers that read otherwise than in the definition as it was proved.

    Both are plain data. Entries that only the registers hold are nothing the definition rested on. Raises
    DefinitionError where the definition cannot be read, alone or with the registers.
    """
    documents = {"basis": mapping_of(registers.get("basis")) or {}}
    base = definition_from(overridden(proved, documents).data)
    changed: list[tuple[Place, Any]] = []
    for place, entry in _held_by_both(proved, registers):
        now = definition_from(overridden(proved, {**documents, place[0]: {place[1]: entry}}).data)
        if whole_hash(now) != whole_hash(base):
            changed.append((place, now))
    for place, now in changed[:MOST_PARTS]:
        yield _told(place, base, now, office)
    for place, _ in changed[MOST_PARTS:]:
        what = f"{_called(place)} đã đổi sau lần chứng minh trước; chưa kết luận đổi gì ở thủ tục này."
        yield Finding(place, what, "", Severity.WARNING, FindingKind.CHANGED)


def _held_by_both(proved: Data, registers: Data) -> Iterator[tuple[Place, Any]]:
    for section in SECTIONS:
        held, given = (mapping_of(each.get(section)) or {} for each in (proved, registers))
        if section != "basis":
            yield from (
                ((section, str(name)), entry) for name, entry in given.items() if name in held and held[name] != entry
            )


def _told(place: Place, base: ProcedureDefinition, now: ProcedureDefinition, office: OfficeTime) -> Finding:
    """Tell one entry: what of the outcomes changes with it, the first in words."""
    if law_hash(base) == law_hash(now):
        what = f"{_called(place)} đã đổi sau lần chứng minh trước, chỉ đổi lời: không hồ sơ nào đổi kết quả."
        return Finding(place, what, "", Severity.NOTE, FindingKind.CHANGED)
    found = compare(base, now, office, steps=STEPS)
    weighty = [each for each in found.differences if each.weight is Weight.LAW]
    shown = next((each for each in weighty if each.shown and each.shown.changes), None)
    witness = shown.shown.witness if shown and shown.shown else None
    what = f"{_called(place)} đã đổi sau lần chứng minh trước: {_effect(found)}"
    severity = Severity.WARNING if weighty or found.undecided else Severity.NOTE
    return Finding(
        place, what, "Đọc thay đổi, chạy lại tình huống mẫu.", severity, FindingKind.CHANGED, witness=witness
    )


def _effect(found: Comparison) -> str:
    """Say what the change does, by the first difference that shows in a dossier."""
    weighty = [each for each in found.differences if each.weight is Weight.LAW]
    told = next((each for each in weighty if each.shown and each.shown.changes), None) or next(iter(weighty), None)
    if told is None:
        return "chưa kết luận có đổi kết quả không." if found.undecided else "không hồ sơ nào đổi kết quả."
    changes = told.shown.changes if told.shown else ()
    came = "".join(f" Hồ sơ mẫu: {each.what.vi} trước là {each.old.vi}, nay là {each.new.vi}." for each in changes[:1])
    more = f" Còn {len(weighty) - 1} thay đổi nữa." if len(weighty) > 1 else ""
    return f"{told.sentence.vi}{came or ' Chưa thấy hồ sơ mẫu nào đổi kết quả.'}{more}"


def _called(place: Place) -> str:
    section, name = str(place[0]), place[1]
    what = "quy định dùng chung" if section == "shared" else part_words("ProcedureDefinition", section).vi
    return f"{what[:1].upper()}{what[1:]} “{name}”"
