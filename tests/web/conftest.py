"""What several tests of pages share."""

from collections.abc import Iterator

import pytest
from flask import Flask

from launcher.testing import TestServices
from tests.province_at_work import let_go, put_to_work


@pytest.fixture(scope="module")
def province(application: Flask, services: TestServices) -> Iterator[Flask]:
    """The application on the sample province at work, one copy for all tests of a module that only look."""
    put_to_work(application, services)
    application.config["WTF_CSRF_ENABLED"] = False
    yield application
    let_go(application)
