"""Reads back the findings of an outcome that was kept: what `Evaluation.to_data` wrote gives the same again."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from rules.citations import Citation
from rules.clock.limit_data import LimitData, StopData
from rules.clock.running import LedgerLine
from rules.errors import Problem, Severity
from rules.evaluation.findings import (
    ActFinding,
    BookFinding,
    CaseFinding,
    ChargeFinding,
    DataFinding,
    DeadlineFinding,
    ExaminationFinding,
    ExternalFinding,
    FactUsed,
    LinkedChildFinding,
    LinkedFinding,
    Missing,
    NearMiss,
    Notice,
    NoticeFinding,
    Offer,
    PaperFinding,
    PaperRow,
    PayoutFinding,
    ProcessFinding,
    Reason,
    ReceptionFinding,
    Refusal,
    RelationFinding,
    ResultFinding,
    RouteFinding,
    RowAmount,
    State,
    StepFinding,
    ValidFinding,
)
from rules.values import Text

_PLAIN = ("procedure", "version", "law", "office", "facts", "eligible", "totals", "engine")


def parts_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of the evaluation that `Evaluation.to_data` wrote; what an older one lacks is left out."""
    return dict(
        **{name: data[name] for name in _PLAIN},
        on=date.fromisoformat(data["on"]),
        at=datetime.fromisoformat(data["at"]),
        refusals=_refusals(data),
        papers=tuple(_paper(item) for item in data["papers"]),
        charges=tuple(_charge(item) for item in data["charges"]),
        deadline=_deadline(data["deadline"]) if data["deadline"] else None,
        missing=tuple(
            Missing(item["fact"], Text.from_data(item["label"]), tuple(item["could_change"]))
            for item in data["missing"]
        ),
        problems=tuple(_problem(item) for item in data["problems"]),
        example=_text(data["example"]),
        payouts=tuple(_payout(item) for item in data.get("payouts", ())),
        cases=tuple(
            CaseFinding(item["code"], Text.from_data(item["label"]), _reasons(item)) for item in data.get("cases", ())
        ),
        notices=tuple(
            NoticeFinding(item["id"], Text.from_data(item["text"]), _reasons(item)) for item in data.get("notices", ())
        ),
        steps=tuple(_step(item) for item in data.get("steps", ())),
        route=_route(data["route"]) if data.get("route") else None,
        examination=_examination(data["examination"]) if data.get("examination") else None,
        results=tuple(_result(item) for item in data.get("results", ())),
        process=_process(data["process"]) if data.get("process") else None,
        linked=_linked(data["linked"]) if data.get("linked") else None,
    )


def _text(data: Mapping[str, str] | None) -> Text | None:
    return Text.from_data(data) if data else None


def _reasons(item: Mapping[str, Any]) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            rule=data["rule"],
            sentence=Text.from_data(data["sentence"]),
            facts=tuple(FactUsed.from_data(used) for used in data["facts"]),
            citation=Citation.from_data(data["citation"]),
            note=_text(data["note"]),
            origin=_text(data.get("origin")),
        )
        for data in item["reasons"]
    )


def _near(item: Mapping[str, Any]) -> tuple[NearMiss, ...]:
    return tuple(
        NearMiss(data["rule"], Text.from_data(data["change"]), data["fact"], Citation.from_data(data["citation"]))
        for data in item["near"]
    )


def _offer(data: Mapping[str, Any]) -> Offer:
    read: dict[str, Any] = {
        "sentence": Text.from_data(data["sentence"]),
        "citation": Citation.from_data(data["citation"]),
    }
    return Offer(**{**data, **read})


def _paper(item: Mapping[str, Any]) -> PaperFinding:
    read: dict[str, Any] = {
        "label": Text.from_data(item["label"]),
        "form": _text(item["form"]),
        "waived_by": _text(item["waived_by"]),
        "reasons": _reasons(item),
        "near": _near(item),
        "rows": tuple(
            PaperRow(data["row"], Text.from_data(data["shown"]), data["need"], data["valid"])
            for data in item.get("rows", ())
        ),
        "accepted": tuple(item.get("accepted", ())),
        "fallback": _text(item.get("fallback")),
        "data": _data(item),
    }
    return PaperFinding(**{**item, **read})


def _data(item: Mapping[str, Any]) -> tuple[DataFinding, ...]:
    return tuple(
        DataFinding(each["id"], Text.from_data(each["label"]), each["fact"], _text(each["shown"]))
        for each in item.get("data", ())
    )


def _charge(item: Mapping[str, Any]) -> ChargeFinding:
    read: dict[str, Any] = {
        **_line(item),
        "cut": _offer(item["cut"]) if item["cut"] else None,
        "stacked": tuple(_offer(data) for data in item.get("stacked", ())),
        "lost": tuple(_offer(data) for data in item["lost"]),
    }
    return ChargeFinding(**{**item, **read})


def _payout(item: Mapping[str, Any]) -> PayoutFinding:
    read: dict[str, Any] = {**_line(item), "payee": Text.from_data(item["payee"])}
    return PayoutFinding(**{**item, **read})


def _line(item: Mapping[str, Any]) -> dict[str, Any]:
    """Read what charges and payouts have in common."""
    return {
        "label": Text.from_data(item["label"]),
        "state": State(item["state"]),
        "reasons": _reasons(item),
        "near": _near(item),
        "example": _text(item["example"]),
        "rows": tuple(_row(data) for data in item.get("rows", ())),
        "assessed": _notice(item.get("assessed")),
    }


def _notice(data: Mapping[str, Any] | None) -> Notice | None:
    return Notice(Text.from_data(data["by"]), data["number"], data["day"], data.get("file", "")) if data else None


def _row(data: Mapping[str, Any]) -> RowAmount:
    read: dict[str, Any] = {"shown": Text.from_data(data["shown"]), "state": State(data["state"])}
    return RowAmount(**{**data, **read})


def _deadline(item: Mapping[str, Any]) -> DeadlineFinding:
    moments: dict[str, Any] = {
        name: datetime.fromisoformat(item[name]) if item[name] else None
        for name in ("statutory", "committed", "appointment")
    }
    limits: dict[str, Any] = {name: LimitData.from_data(item[name]) for name in ("limit", "committed_limit")}
    read: dict[str, Any] = {
        "state": State(item["state"]),
        "reasons": _reasons(item),
        "near": _near(item),
        "ledger": tuple(LedgerLine.from_data(line) for line in item["ledger"]),
        "example": _text(item["example"]),
        "stops": tuple(StopData.from_data(stop) for stop in item.get("stops", ())),
        "reception": _reception(item["reception"]) if item.get("reception") else None,
    }
    return DeadlineFinding(**moments, **limits, **read)


def _reception(item: Mapping[str, Any]) -> ReceptionFinding:
    limits = {name: LimitData.from_data(item[name]) for name in ("limit", "receive_within")}
    return ReceptionFinding(item["most"], at_limit=_text(item["at_limit"]), citation=item["citation"], **limits)


def _step(item: Mapping[str, Any]) -> StepFinding:
    read: dict[str, Any] = {
        "label": Text.from_data(item["label"]),
        "at_least": LimitData.from_data(item["at_least"]),
        "at_most": LimitData.from_data(item["at_most"]),
        "external": _external(item["external"]) if item["external"] else None,
        "relation": RelationFinding(**item["relation"]) if item["relation"] else None,
        "reasons": _reasons(item),
        "role": _text(item.get("role")),
        "quota": LimitData.from_data(item.get("quota")),
        "acts": tuple(_act(act) for act in item.get("acts", ())),
    }
    return StepFinding(**{**item, **read})


def _act(item: Mapping[str, Any]) -> ActFinding:
    read: dict[str, Any] = {"label": Text.from_data(item["label"]), "within": LimitData.from_data(item["within"])}
    return ActFinding(**{**item, **read})


def _linked(item: Mapping[str, Any]) -> LinkedFinding:
    children = tuple(_linked_child(child) for child in item["children"])
    label, ceiling = Text.from_data(item["label"]), LimitData.from_data(item["ceiling"])
    return LinkedFinding(label, ceiling, item["due"], children, item["citation"])


def _linked_child(item: Mapping[str, Any]) -> LinkedChildFinding:
    read: dict[str, Any] = {
        "label": Text.from_data(item["label"]),
        "system": _text(item["system"]),
        **{name: LimitData.from_data(item[name]) for name in ("acknowledged_within", "within")},
        "reasons": _reasons(item),
    }
    return LinkedChildFinding(**{**item, **read})


def _process(item: Mapping[str, Any]) -> ProcessFinding:
    read: dict[str, Any] = {"label": _text(item["label"])}
    return ProcessFinding(**{**item, **read})


def _external(item: Mapping[str, Any]) -> ExternalFinding:
    read: dict[str, Any] = {
        "system": Text.from_data(item["system"]),
        "acknowledged_within": LimitData.from_data(item["acknowledged_within"]),
        "result": _text(item.get("result")),
    }
    return ExternalFinding(**{**item, **read})


def _route(item: Mapping[str, Any]) -> RouteFinding:
    read: dict[str, Any] = {"state": State(item["state"]), "reasons": _reasons(item), "near": _near(item)}
    return RouteFinding(**{**item, **read})


def _refusals(data: Mapping[str, Any]) -> tuple[Refusal, ...]:
    return tuple(Refusal(Text.from_data(item["text"]), _reasons(item)) for item in data["refusals"])


def _examination(data: Mapping[str, Any]) -> ExaminationFinding:
    return ExaminationFinding(data["outcome"], _refusals(data), _text(data["form"]))


def _validity(data: Mapping[str, Any]) -> ValidFinding:
    return ValidFinding(data["amount"], data["unit"], data["until"], _text(data["words"]), _text(data["text"]))


def _result(item: Mapping[str, Any]) -> ResultFinding:
    valid, book = item.get("valid"), item.get("book")
    read: dict[str, Any] = {
        "label": Text.from_data(item["label"]),
        "reasons": _reasons(item),
        "form": _text(item.get("form")),
        "valid": _validity(valid) if valid else None,
        "book": BookFinding(Text.from_data(book["label"]), book["restarts"]) if book else None,
        "signer": _text(item.get("signer")),
        "data": _data(item),
    }
    return ResultFinding(**{**item, **read})


def _problem(data: Mapping[str, Any]) -> Problem:
    return Problem(tuple(data["where"]), data["what"], data["hint"], Severity(data["severity"]))
