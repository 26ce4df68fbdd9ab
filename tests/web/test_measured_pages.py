"""The pages that the measuring command opens answer it, within the statements they are bound to."""

from app.cli.bench import page_figures
from app.extensions import db


def test_the_worklist_and_a_form_are_opened_and_the_worklist_keeps_to_ten_statements(province):
    with province.app_context():
        figures = {figure.name: figure for figure in page_figures(province)}
        db.session.remove()
    counted = figures["worklist: SQL statements"]
    assert counted.bound == 10
    assert 0 < counted.value <= 10
    assert figures["reception form of 2.000815: SQL statements"].value > 0
