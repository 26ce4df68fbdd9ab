"""A published procedure and an officer at the counter, for the pages of the desk."""

import pytest
from flask.testing import FlaskClient

from tests import desk
from tests.conftest import Beforehand
from tests.desk import (
    POSTAL,
    RECEIVER,
)
from tests.desk_pages import keys


@pytest.fixture
def beforehand() -> Beforehand:
    return desk.publish_copies


@pytest.fixture(autouse=True)
def at_work(app) -> None:
    """Every test here has the application with the procedure."""


@pytest.fixture
def browser(login) -> FlaskClient:
    return login(RECEIVER)


@pytest.fixture
def of_two_desks(login) -> tuple[FlaskClient, dict[str, str]]:
    """A clerk whose form was opened for one commune before another was chosen on a second page, and the form's keys."""
    browser = login(POSTAL)
    browser.get("/reception/?desk=phuong-my-tra")
    opened = keys(browser)
    browser.get("/reception/?desk=phuong-cao-lanh")
    return browser, opened
