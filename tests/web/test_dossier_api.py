"""The interface for programs says what the pages say, by the same rights, and describes itself from the definition."""

from uuid import uuid4

import pytest

from app.extensions import db
from tests.desk import OTHER_RECEIVER, RECEIVER
from tests.listed import GARDEN, KEEPER, filled, gardens, planted

API = f"/api/v1/procedures/{GARDEN}"
BODY = {
    "desk": "phuong-cao-lanh", "channel": "counter", "return_channel": "counter", "received": ["request"],
    "applicant": {
        "applicant_kind": "individual", "full_name": "Nguyễn Thị Đào", "citizen_id": "087190001234",
        "birth_day": "1990-02-01", "phone": "0912345678", "address": "12 Nguyễn Huệ",
    },
    "answers": {"title": "Vườn mới", "kind": "fish", "area": 125, "planted": "2026-03-01"},
}  # fmt: skip


@pytest.fixture
def garden(app):
    with app.app_context():
        gardens()
        for number, title in enumerate(("Một", "Hai", "Ba")):
            planted(title, area=10 + number)
        filled()
        db.session.remove()
    return app


def test_a_list_is_paged_by_a_cursor_and_hides_what_the_page_hides(garden, login):
    browser = login(RECEIVER)
    first = browser.get(f"{API}/dossiers/?limit=2&col=f.title&col=f.keeper&col=f.area&col=received").json
    assert [each["answers"] for each in first["dossiers"]] == [
        {"title": "Ba", "area": 12, "keeper": "•••••••••234"}, {"title": "Hai", "area": 11, "keeper": "•••••••••234"},
    ]  # fmt: skip
    assert first["dossiers"][0]["received_at"] == "2026-11-20T03:00:00+00:00"
    second = browser.get(f"{API}/dossiers/?limit=2&after={first['after']}").json
    assert ([each["answers"]["title"] for each in second["dossiers"]], second["after"]) == (["Một"], None)
    one = browser.get(f"{API}/dossiers/{second['dossiers'][0]['id']}").json
    assert (one["answers"]["title"], one["applicant"], KEEPER in str(one)) == ("Một", "Nguyễn Thị Đào", False)
    assert browser.get(f"{API}/dossiers/?f.area.from=x").json["errors"][0]["field"] == "f.area.from"


def test_rights_are_those_of_the_pages(garden, login):
    known = login(RECEIVER).get(f"{API}/dossiers/").json["dossiers"][0]["id"]
    elsewhere = login(OTHER_RECEIVER)
    assert elsewhere.get(f"{API}/dossiers/").json["dossiers"] == []
    assert elsewhere.get(f"{API}/dossiers/{known}").status_code == 404
    assert login("danhmuc").get(f"{API}/dossiers/").status_code == 403
    assert garden.test_client().get(f"{API}/dossiers/").status_code == 401


def test_a_dossier_is_received_once_and_every_fault_is_told(garden, login):
    browser = login(RECEIVER)
    body = {**BODY, "intake_key": str(uuid4())}
    made = browser.post(f"{API}/dossiers/", json=body)
    assert (made.status_code, made.json["answers"]["area"], made.json["state"]) == (201, 125, "received")
    assert browser.post(f"{API}/dossiers/", json=body).json["id"] == made.json["id"]
    for wrong, status in (
        ({"answers": {"title": "x"}}, 422), ({"answers": {**BODY["answers"], "forged": 1}}, 422),
        ({"answers": {**BODY["answers"], "area": "rộng"}}, 422), ({"desk": "xa-thap-muoi"}, 403), ({"forged": 1}, 422),
        ({"version": str(uuid4())}, 409), ({"received": []}, 422),
    ):  # fmt: skip
        answer = browser.post(f"{API}/dossiers/", json={**body, "intake_key": str(uuid4()), **wrong})
        assert (answer.status_code, bool(answer.json["sentence"])) == (status, True), wrong
    assert browser.post(f"{API}/dossiers/", data="=").status_code == 422
    assert browser.get(f"{API}/dossiers/").json["count"] == 4


def test_the_description_is_made_from_the_definition(garden, login):
    told = login(RECEIVER).get(f"{API}/openapi.json").json
    answers = told["components"]["schemas"]["Answers"]
    assert answers["required"] == ["title", "kind"]
    assert answers["properties"]["kind"]["enum"] == ["lotus", "fish", "herbs"]
    assert answers["properties"]["beds"]["items"]["properties"]["rows"]["type"] == "integer"
    names = {each["name"] for each in told["paths"][f"{API}/dossiers/"]["get"]["parameters"]}
    assert {"q", "f.area.from", "f.kind", "received.to", "after"} <= names
