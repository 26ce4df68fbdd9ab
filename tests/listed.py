"""Gardens to register: a small procedure with every kind of answer a list is asked by, and dossiers of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.extensions import db
from app.services import dossier as dossiers
from app.services import job as jobs
from app.services import search_lines
from app.services.job import HANDLERS
from app.storage.job import Job
from app.storage.procedure import Procedure, ProcedureVersion
from app.storage.unit_of_work import unit_of_work
from rules import codec
from tests.definitions import data, row, table
from tests.desk import AT, RECEIVER, SINCE, acting, intake

GARDEN = "1.999001"
KEEPER = "087190001234"


def garden_definition(second: bool = False) -> dict[str, Any]:
    """The definition of gardens; its second version calls two things otherwise and asks for one more."""
    kinds = {"lotus": "Sen", "fish": "Ao cá", "herbs": "Rau"}
    must = {"required": True}
    words = {"title": "Tên khu vườn", "kind": "Loại vườn"} if second else {"title": "Tên vườn", "kind": "Loại"}
    fields: list[dict[str, Any]] = [
        {"id": "title", "kind": "text", "label": {"vi": words["title"], "en": "Name of the garden"}, **must},
        {"id": "area", "kind": "measure", "scale": 1, "unit": "square_metre", "label": {"vi": "Diện tích"}},
        {"id": "kind", "kind": "choice", "list": "kinds", "label": {"vi": words["kind"], "en": "Kind"}, **must},
        {"id": "planted", "kind": "day", "label": {"vi": "Ngày trồng", "en": "Planted on"}},
        {"id": "fee", "kind": "money", "label": {"vi": "Tiền giống", "en": "Cost of seeds"}},
        {"id": "keeper", "kind": "citizen_id", "label": {"vi": "Số định danh người giữ", "en": "Citizen number"}},
        {"id": "fenced", "kind": "yes_no", "label": {"vi": "Có rào", "en": "Fenced"}},
        {"id": "note", "kind": "long_text", "label": {"vi": "Ghi chú", "en": "Note"}},
        {"id": "beds", "kind": "group", "label": {"vi": "Luống", "en": "Beds"}, "fields": [
            {"id": "crop", "kind": "text", "label": {"vi": "Cây", "en": "Crop"}},
            {"id": "rows", "kind": "whole_number", "label": {"vi": "Số hàng", "en": "Rows"}},
        ]},
    ]  # fmt: skip
    if second:
        fields.append({"id": "water", "kind": "text", "label": {"vi": "Nguồn nước", "en": "Water"}})
    fee = table("fee", ["kind"], {"amount": "money"}, [
        row("fee.lotus", {"kind": "lotus"}, {"amount": 20_000}), row("fee.fish", {"kind": "fish"}, {"amount": 5_000}),
        row("fee.herbs", {"kind": "herbs"}, {"amount": 0}),
    ])  # fmt: skip
    limit = table(
        "limit", [], {"amount": "int", "unit": "code"}, [row("time.three", {}, {"amount": 3, "unit": "working_days"})]
    )
    return data(
        code=GARDEN, name={"vi": "Đăng ký vườn", "en": "Registration of a garden"}, fields=fields, tables=[fee, limit],
        lists={"kinds": [{"code": code, "label": {"vi": label}} for code, label in kinds.items()]}, cases=[],
        charges=[{
            "id": "registration", "label": {"vi": "Lệ phí đăng ký"}, "kind": "service_fee",
            "set_by": "provincial_council", "amount": {"table": "fee", "output": "amount"},
        }],
    )  # fmt: skip


def gardens(second: bool = False) -> None:
    """Put a version of the procedure in force, as its publication leaves it."""
    definition = codec.definition_from(garden_definition(second))
    with acting("danhmuc"), unit_of_work() as work:
        procedure = work.session.scalars(select(Procedure).where(Procedure.code == GARDEN)).one_or_none()
        if procedure is None:
            name = definition.name.vi
            procedure = Procedure(code=GARDEN, name=name, folded=name, sort_key=name)
            work.session.add(procedure)
            work.flush()
        version = ProcedureVersion(
            procedure_id=procedure.id, number=2 if second else 1, definition=codec.canonical_json(definition),
            whole_sha256=codec.whole_hash(definition), law_sha256=codec.law_hash(definition), source_text="",
            since=date(2026, 11, 1) if second else SINCE, case_results=[],
        )  # fmt: skip
        work.session.add(version)
        work.flush()
        search_lines.ask_for_all(work, version)
        work.commit()


def planted(
    title: str, kind: str = "lotus", user_name: str = RECEIVER, at: datetime = AT, day: str = "", **more: Any
) -> UUID:
    """Receive one garden, with its answers, and return its public id."""
    facts = {"title": title, "kind": kind, "keeper": KEEPER, **more}
    if day:
        facts["planted"] = date.fromisoformat(day)
    with acting(user_name, at) as rights, unit_of_work() as work:
        said = intake(rights, GARDEN, at, facts=facts, received=frozenset({"request"}))
        return dossiers.receive(work, said, rights=rights, at=at).uuid


def filled() -> None:
    """Do the jobs that wait, as a worker would."""
    for job_id in db.session.scalars(select(Job.id).where(Job.state == "queued").order_by(Job.id)).all():
        db.session.rollback()  # the job's transaction is told in whose name it runs
        jobs.run(job_id, HANDLERS)
        assert db.session.get_one(Job, job_id).state == "done"
