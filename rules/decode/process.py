"""Plain data to the internal process: its approval, the patterns of steps, and the steps of a procedure."""

from collections.abc import Mapping

from rules.clock.spans import Limit
from rules.clock.stops import Effect
from rules.decode.inheriting import Inheriting
from rules.decode.limits import act_limit, duration
from rules.decode.parts import ReadContext, condition, legal_basis, unique
from rules.decode.registers import in_force
from rules.decode.shared import named
from rules.decode.time import relation
from rules.definition.internal import Act, ActFrom, InternalProcess, Late, PatternOutside, StepPattern
from rules.definition.process import ExternalSystem, ProcessStep, Stop, WhoseClock
from rules.errors import nearest
from rules.reading import CODE, Node, Parts
from rules.values import NO_TEXT
from rules.vocabulary import FactType

_LENT = ("label", "at_least", "at_most", "acts", "external", "basis")
_LENT_OUTSIDE = ("system", "acknowledged_within", "clock")
_STEP_KEYS = ("id", "pattern", "when", "relation", "role", "quota", *_LENT)
_OUTSIDE_KEYS = (*_LENT_OUTSIDE, "stop", "sent", "acknowledged", "number", "result")

Patterns = Mapping[str, tuple[StepPattern, Parts]]


def process(node: Node, context: ReadContext) -> InternalProcess | None:
    """Read which decision approves the internal process, in which version, and on which days it is in force."""
    if not node:
        return None
    parts = node.parts("version", "label", "since", "until", "basis")
    basis = legal_basis(parts["basis"], context)
    days, _ = in_force(parts, basis, context)
    return InternalProcess(parts.needed("version").identifier(CODE), parts["label"].text(), days, basis)


def patterns(node: Node, context: ReadContext) -> Patterns:
    """Read the patterns of steps by id, each with its parts: steps have from them what they do not state."""
    return {key: _pattern(key, entry, context) for key, entry in named(node)}


def _pattern(key: str, node: Node, context: ReadContext) -> tuple[StepPattern, Parts]:
    parts = node.parts(*_LENT, "from")
    least, most = _times(parts)
    pattern = StepPattern(
        id=key,
        label=parts.needed("label").text() or NO_TEXT,
        at_least=least,
        at_most=most,
        acts=_acts(parts["acts"], context),
        external=_pattern_outside(parts["external"]) if parts["external"] else None,
        basis=legal_basis(parts["basis"], context),
        origin=context.origins.origin(parts),
    )
    return pattern, parts


def _pattern_outside(node: Node) -> PatternOutside:
    parts = node.parts(*_LENT_OUTSIDE)
    clock = parts["clock"].choice(WhoseClock, WhoseClock.OURS).value if parts["clock"] else ""
    return PatternOutside(parts["system"].text(), clock, duration(parts["acknowledged_within"]))


def _times(parts: Parts) -> tuple[Limit | None, Limit | None]:
    least, most = duration(parts["at_least"]), act_limit(parts["at_most"])
    if least and most and least.unit is most.unit and least.amount > most.amount:
        parts["at_least"].problem("Thời gian ít nhất dài hơn thời gian nhiều nhất.", "Sửa at_least hoặc at_most.")
    return least, most


def steps(node: Node, context: ReadContext, known: Patterns, stops: Mapping[str, Stop]) -> tuple[ProcessStep, ...]:
    """Read the steps of the internal process; `stops` are the waits of the time limit by id."""
    return unique([_step(item, context, known, stops) for item in node.items()], node)


def _step(node: Node, context: ReadContext, known: Patterns, stops: Mapping[str, Stop]) -> ProcessStep:
    own = node.parts(*_STEP_KEYS)
    name, lent = _pattern_named(own["pattern"], known)
    parts = Inheriting(own, lent, _LENT)
    least, most = _times(parts)
    return ProcessStep(
        id=parts.needed("id").identifier(),
        label=parts.needed("label").text() or NO_TEXT,
        when=condition(parts["when"], context),
        at_least=least,
        at_most=most,
        external=_external(own, lent, context, stops) if parts["external"] else None,
        relation=relation(parts["relation"], context) if parts["relation"] else None,
        basis=legal_basis(parts["basis"], context),
        pattern=name,
        role=parts["role"].text(),
        quota=_quota(parts["quota"], most),
        acts=_acts(parts["acts"], context),
    )


def _pattern_named(node: Node, known: Patterns) -> tuple[str, Parts | None]:
    name = node.identifier()
    if not name:
        return "", None
    if name not in known:
        node.problem(f"Không có mẫu bước “{name}”.", nearest(name, known) or "Thêm mẫu ấy vào patterns.")
        return "", Parts(
            node, {"label": "?", "external": {"system": "?"}}
        )  # what it would have given is not missed as well
    return name, known[name][1]


def _quota(node: Node, most: Limit | None) -> Limit | None:
    quota = duration(node)
    if quota and most and quota.unit is most.unit and quota.amount > most.amount:
        node.problem("Thời gian giao cho bước dài hơn thời gian nhiều nhất của bước.", "Sửa quota hoặc at_most.")
    return quota


def _acts(node: Node, context: ReadContext) -> tuple[Act, ...]:
    acts = [act for act in (_act(item, context) for item in node.items()) if act]
    return unique(acts, node)


def _act(node: Node, context: ReadContext) -> Act | None:
    parts = node.parts("id", "label", "within", "late", "from", "basis")
    name, label = parts.needed("id").identifier(), parts.needed("label").text() or NO_TEXT
    within = act_limit(parts.needed("within"))
    late = parts["late"].choice(Late, Late.NEXT_DAY)
    counts_from = parts["from"].choice(ActFrom, ActFrom.STEP)
    basis = legal_basis(parts["basis"], context)
    if within is None:
        return None
    if late is Late.NEXT_MORNING and within.cutoff is None:
        hint = 'Thêm cutoff: "15:00" vào within, hoặc bỏ late.'
        parts["late"].problem("Việc làm vào sáng hôm sau cần giờ chốt.", hint)
    return Act(name, label, within, late, counts_from, basis)


def _external(own: Parts, lent: Parts | None, context: ReadContext, stops: Mapping[str, Stop]) -> ExternalSystem:
    given = lent["external"].parts(*_LENT_OUTSIDE) if lent and lent["external"] else None
    parts = Inheriting(own["external"].parts(*_OUTSIDE_KEYS), given, _LENT_OUTSIDE)
    system = parts.needed("system").text() if own["external"] or given is None else parts["system"].text()
    if system is None and not own["external"]:
        own.node.problem("Mẫu bước chưa ghi hệ thống ngoài.", "Thêm external: {system: ...} vào bước này hoặc vào mẫu.")
    clock = parts["clock"].choice(WhoseClock, WhoseClock.OURS)
    moments = {name: _fact(parts[name], context, FactType.MOMENT) for name in ("sent", "acknowledged")}
    return ExternalSystem(
        system=system or NO_TEXT,
        clock=clock,
        acknowledged_within=duration(parts["acknowledged_within"]),
        stop=_stop(parts["stop"], clock, stops),
        number=_fact(parts["number"], context, FactType.TEXT),
        result=_fact(parts["result"], context),
        **moments,
    )


def _fact(node: Node, context: ReadContext, *wanted: FactType) -> str:
    return context.fact(node, *wanted) if node else ""


def _stop(node: Node, clock: WhoseClock, stops: Mapping[str, Stop]) -> str:
    """Read which wait of the time limit the step is: it stands just where the step says that it does."""
    name = node.identifier()
    if not name:
        return ""
    if name not in stops:
        hint = nearest(name, stops) or "Thêm lý do dừng ấy vào deadline.stops."
        node.problem(f"Thời hạn không có lý do dừng “{name}”.", hint)
        return name
    runs = stops[name].rule.effect is Effect.RUN_ON
    if runs is (clock is WhoseClock.THEIRS):
        effect = stops[name].rule.effect.value
        what = f"Bước ghi clock: {clock.value} nhưng lý do dừng “{name}” ghi effect: {effect}."
        node.problem(what, "Thời gian chờ tính thì clock: ours và effect: run_on; không tính thì clock: theirs.")
    return name
