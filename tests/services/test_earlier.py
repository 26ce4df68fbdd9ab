"""What a person's earlier dossiers answer: counted in the whole province, kept with the decision, always the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.extensions import db
from app.services import dossier as dossiers
from app.services import earlier
from app.services import evaluation as evaluations
from app.services.dossier import Ruling
from app.services.errors import NotReceivableError
from app.services.sample import SAMPLES
from app.storage.dossier import Dossier
from app.storage.earlier import count_earlier
from app.storage.party import PartyIdentifier
from app.storage.unit_of_work import unit_of_work
from rules.evaluation.outcome import Evaluation
from rules.lifecycle import Outcome
from tests.conftest import Beforehand
from tests.desk import AT, OTHER_RECEIVER, PERSON, PROCESSOR, RECEIVER, acting, intake, publish, received

LAND = "1.007277"
RESULT = "KQ.VIDU.007277"
HOUSE = {
    "asset_kind": "land_house",
    "price": 2_000_000_000,
    "acquired_by": "transfer",
    "debt_recorded": False,
    "exempt": False,
    "seller_integrated": True,
}
SOMEBODY_ELSE = replace(PERSON, full_name="Lê Văn Khác", identifier="087190009999")


def publish_land() -> None:
    publish(LAND, (SAMPLES / "definitions" / f"{LAND}.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def beforehand() -> Beforehand:
    return publish_land


@pytest.fixture(autouse=True)
def at_work(database) -> None:
    """Every test here has the database."""


def bought(user_name: str = RECEIVER, at: datetime = AT, **changes: Any) -> UUID:
    """Receive the declaration of a digital citizen who bought a house."""
    said = {"code": LAND, "channel": "online", "digital_citizen": True, "facts": HOUSE}
    return received(user_name, at, **{**said, "received": frozenset({"land_form"}), **changes})


def outcome_of(dossier_id: UUID, user_name: str = RECEIVER) -> Evaluation:
    with acting(user_name) as rights:
        dossier = dossiers.open_dossier(db.session(), dossier_id, rights)
        return Evaluation.from_data(evaluations.chain(db.session(), dossier)[0].outcome)


def counted(what: str, kind: str, since: datetime | None = None, user_name: str = RECEIVER) -> int:
    with acting(user_name):
        party = db.session.scalars(select(PartyIdentifier.party_id).order_by(PartyIdentifier.id)).first()
        procedure = db.session.scalars(select(Dossier.procedure_id)).first()
        return count_earlier(
            db.session(), party_id=party, what=what, kind=kind, procedure_id=procedure or 1, since=since
        )  # fmt: skip


def test_a_reduction_that_was_used_anywhere_in_the_province_is_used_up():
    first = outcome_of(bought())
    assert first.facts["land_cuts_used"] == 0
    assert first.totals == {"VND": 9_000_000}
    second = outcome_of(bought(OTHER_RECEIVER), OTHER_RECEIVER)
    assert second.facts["land_cuts_used"] == 1
    assert second.totals == {"VND": 10_000_000}
    assert [notice.id for notice in second.notices] == ["quota_used"]


def test_what_another_person_used_is_not_counted():
    bought()
    assert outcome_of(bought(applicant=SOMEBODY_ELSE)).facts["land_cuts_used"] == 0


def test_a_charge_paid_in_full_uses_no_reduction_up():
    bought(channel="counter", digital_citizen=None)
    found = outcome_of(bought())
    assert (found.facts["land_cuts_used"], found.totals) == (0, {"VND": 9_000_000})


def test_a_replay_gives_the_same_answer_after_more_dossiers_came():
    dossier_id = bought()
    bought()
    with acting(RECEIVER) as rights, unit_of_work() as work:
        dossier = dossiers.open_dossier(work.session, dossier_id, rights)
        result = evaluations.replay(work, dossier, evaluations.chain(work.session, dossier)[0].uuid, at=AT)
    assert result.same
    assert result.evaluation.facts["land_cuts_used"] == 0


def test_what_the_counter_says_of_the_history_counts_for_nothing():
    bought()
    forged = outcome_of(bought(facts={**HOUSE, "land_cuts_used": 0}))
    assert forged.facts["land_cuts_used"] == 1


def test_of_somebody_without_a_number_nothing_is_known_and_that_is_said():
    with acting(RECEIVER) as rights, unit_of_work() as work:
        asked = intake(
            rights, code=LAND, channel="online", digital_citizen=True, facts=HOUSE, received=frozenset({"land_form"}),
            applicant=replace(PERSON, identifier=""),
        )  # fmt: skip
        with pytest.raises(NotReceivableError) as refused:
            dossiers.receive(work, asked, rights=rights, at=AT)
    assert "Chưa có thông tin: Số lần đã được giảm 10% cho nhà, đất." in refused.value.grounds


def test_charges_are_counted_by_year_and_ever():
    bought()
    assert counted("charges", "registration") == 1
    assert counted("charges", "car_registration") == 0
    assert counted("charges", "registration", since=AT + timedelta(days=1)) == 0
    assert counted("charges", "registration", since=datetime(2026, 1, 1, tzinfo=UTC), user_name=OTHER_RECEIVER) == 1


def test_only_results_that_were_granted_are_counted():
    for outcome, expected in ((Outcome.REFUSED, 0), (Outcome.GRANTED, 1)):
        dossier_id = bought()
        with acting(PROCESSOR) as rights, unit_of_work() as work:
            held = dossiers.open_dossier(work.session, dossier_id, rights)
            dossiers.take_over(work, dossier_id, rights=rights, seen_version=held.lock_version, at=AT)
        with acting(PROCESSOR) as rights, unit_of_work() as work:
            held = dossiers.open_dossier(work.session, dossier_id, rights)
            ruling = Ruling(outcome, "Đã xem xét")
            dossiers.decide(work, dossier_id, ruling, rights=rights, seen_version=held.lock_version, at=AT)
        assert counted("results", RESULT) == expected


def test_an_unknown_number_has_no_earlier_dossiers_and_that_is_known():
    with acting(RECEIVER):
        version = dossiers.version_to_receive(db.session(), LAND, AT)
        found = earlier.facts_of(db.session(), version, SOMEBODY_ELSE, AT)
    assert found == {"land_cuts_used": 0, "car_cuts_used": 0, "motorcycle_cuts_used": 0}
