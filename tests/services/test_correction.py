"""Answers are mended by who holds the dossier: a new revision and evaluation, the difference told, nothing lost."""

from uuid import UUID

import pytest
from sqlalchemy import select

from app.extensions import db
from app.services import correction
from app.services import dossier as dossiers
from app.services import evaluation as evaluations
from app.services.errors import MoveNotAllowedError, NotAllowedError, StaleError, UnusableInputError
from app.services.history import history
from app.services.overview import overview
from app.storage.dossier import Dossier, DossierFacts
from app.storage.search import search
from app.storage.unit_of_work import unit_of_work
from rules.lifecycle import MoneyState
from tests.desk import AT, PROCESSOR, SECOND_PROCESSOR, acting
from tests.listed import KEEPER, filled, gardens, planted

ANSWERS = {"title": "Vườn sen", "kind": "lotus", "keeper": KEEPER, "area": 100}


@pytest.fixture
def held(database) -> UUID:
    gardens()
    uuid = planted("Vuon sen", area=100)
    with acting(PROCESSOR) as rights, unit_of_work() as work:
        dossiers.take_over(work, uuid, rights=rights, seen_version=1, at=AT)
    return uuid


def correct(uuid: UUID, reason: str = "Khai lại", seen: int = 2, by: str = PROCESSOR, **more: object):
    with acting(by) as rights, unit_of_work() as work:
        return correction.correct(
            work, uuid, {**ANSWERS, **more}, reason=reason, rights=rights, seen_version=seen, at=AT
        )  # fmt: skip


def opened(uuid: UUID) -> Dossier:
    return db.session.scalars(select(Dossier).where(Dossier.uuid == uuid)).one()


def test_a_correction_is_a_revision_and_an_evaluation_of_its_own_and_tells_the_difference(held):
    made = correct(held, kind="fish")
    assert [(change.field, change.before.vi, change.after.vi) for change in made.changes] == [
        ("title", "Vuon sen", "Vườn sen"), ("kind", "Sen", "Ao cá"),
    ]  # fmt: skip
    assert made.totals == (("VND", 20_000, 5_000),)
    filled()
    with acting(PROCESSOR) as rights:
        dossier = dossiers.open_dossier(db.session(), held, rights)
        assert (dossier.facts_revision, dossier.lock_version, dossier.money_state) == (2, 4, MoneyState.DUE)
        assert len(db.session.scalars(select(DossierFacts.id)).all()) == 2
        first, second = evaluations.chain(db.session(), dossier)
        assert (first.outcome["totals"], second.outcome["totals"]) == ({"VND": 20_000}, {"VND": 5_000})
        assert evaluations.recomputed(db.session(), second).hash == second.outcome_sha256
        hits = search(db.session(), procedure_id=None, field="title", words="vườn", at_most=9)
        assert list(hits.values()) == [True]
        told = history(db.session(), dossier)
        assert (told.broken_at, told.happenings[-1].what, "Khai lại" in told.happenings[-1].detail) == (
            None, "Sửa câu trả lời", True,
        )  # fmt: skip
        seen = overview(db.session(), dossier, rights, at=AT)
        assert seen.steps[1].status == "going"
        assert seen.totals == {"VND": 5_000}


def test_each_answer_has_its_values_over_time(held):
    correct(held, kind="fish")
    correct(held, kind="herbs", reason="Đổi cây", seen=4)
    with acting(PROCESSOR) as rights:
        values = correction.values_over_time(db.session(), dossiers.open_dossier(db.session(), held, rights))
        assert [(past.before.vi, past.after.vi, past.reason) for past in values["kind"]] == [
            ("Sen", "Ao cá", "Khai lại"), ("Ao cá", "Rau", "Đổi cây"),
        ]  # fmt: skip
        assert len(values["title"]) == 1


def test_only_the_holder_corrects_with_a_reason_from_the_page_as_it_is_and_only_in_process(held):
    with pytest.raises(NotAllowedError):
        correct(held, by=SECOND_PROCESSOR)
    with pytest.raises(StaleError):
        correct(held, seen=1)
    with pytest.raises(UnusableInputError, match="lý do"):
        correct(held, reason="  ")
    with pytest.raises(UnusableInputError, match="Chưa có câu trả lời nào"):
        correct(held, title="Vuon sen")
    received = planted("Ao", kind="fish")
    with pytest.raises(MoveNotAllowedError):
        correct(received, seen=1)
    assert opened_revision(held) == 1


def opened_revision(uuid: UUID) -> int:
    with acting(PROCESSOR):
        return opened(uuid).facts_revision
