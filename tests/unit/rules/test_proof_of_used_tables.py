"""What the proof shows of a table that only some dossiers use is shown by a dossier that uses it."""

from rules.check.findings import FindingKind
from rules.check.procedure import check
from rules.check.proof import prove
from rules.codec import facts_as_written
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.findings import State
from rules.space.users import Uses
from tests.definitions import charge, definition, limit_table, office, row, table

SHEETS = {"id": "n", "kind": "whole_number", "label": "Số trang", "min": 0, "max": 100, "required": True}
ONLINE = {"channel": "not(counter)"}


def rows_of(*cells):
    return [row(f"r{number}", cell, {"amount": number}) for number, cell in enumerate(cells)]


def read(*rows, when=ONLINE, more=(), **parts):
    fee = table("fee", ["n"], {"amount": "money"}, list(rows))
    charges = [charge(cuts=[], when=when)]
    return definition(
        **{"tables": [fee, *more, limit_table()], "charges": charges, "cases": [], "fields": [SHEETS], **parts}
    )


def told(law, kind):
    return [each for each in prove(law).findings if each.kind is kind]


def states(law, witness):
    given = facts_as_written(law, witness.facts)
    outcome = evaluate(compiled(law), given, on=witness.on, at=witness.at, office=office())
    return [each.state for each in outcome.charges]


def test_an_overlap_is_shown_by_a_dossier_in_which_the_charge_is_there():
    law = read(*rows_of({"n": "<= 10"}, {"n": ">= 10"}))
    [found] = told(law, FindingKind.OVERLAP)
    assert (found.witness.facts["n"], found.witness.facts["channel"]) == (10, "online")
    assert states(law, found.witness) == [State.CONFLICT]


def test_an_overlap_of_a_table_that_feeds_another_is_shown_where_that_other_is_used():
    size = table("size", ["n"], {"class": "code"}, [row(f"s{n}", {}, {"class": f"c{n}"}) for n in (0, 1)])
    fee = table("fee", ["size.class"], {"amount": "money"}, rows_of({"size.class": "c0"}, {"size.class": "c1"}))
    law = read(tables=[size, fee, limit_table()])
    [found] = [each for each in told(law, FindingKind.OVERLAP) if each.table == "size"]
    assert found.witness.facts["channel"] == "online"


def test_a_table_that_some_charge_always_uses_is_shown_by_the_plainest_dossier():
    charges = [charge(cuts=[], when=ONLINE), charge(id="always", cuts=[])]
    [found] = told(read(*rows_of({"n": "<= 10"}, {"n": ">= 10"}), charges=charges), FindingKind.OVERLAP)
    assert found.witness.facts == {"n": 10}


def test_a_dossier_is_shown_all_the_same_where_none_can_fulfil_the_condition():
    law = read(*rows_of({"n": "<= 10"}, {"n": ">= 10"}), when={"channel": "post"})  # it is not filed by post
    [found] = told(law, FindingKind.OVERLAP)
    assert found.witness.facts["n"] == 10


def test_a_changed_condition_of_the_charge_makes_the_proof_look_again():
    rows = rows_of({"n": "<= 10"}, {"n": ">= 10"})
    assert "fee" in prove(read(*rows, when={"channel": "counter"}), prove(read(*rows))).proved


def test_what_a_notice_reads_is_not_taken_to_be_used_by_the_charge_alone():
    notices = [{"id": "x", "text": {"vi": "Nhắc"}, "when": {"fee.amount": "> 3"}, "basis": {"document": "tt"}}]
    rows = rows_of({"n": "<= 10"}, {"n": "> 10"})
    assert Uses(read(*rows)).of("fee").are_conditional
    assert not Uses(read(*rows, notices=notices)).of("fee").are_conditional


def test_days_without_a_value_of_a_parameter_are_shown_where_a_charge_needs_it_with_what_else_it_needs():
    values = [
        {"value": 100, "since": "2020-01-01", "until": "2026-01-01", "basis": {"document": "tt"}},
        {"value": 150, "since": "2027-01-01", "basis": {"document": "tt"}},
    ]
    price = {"price": {"label": "Đơn giá", "type": "money", "values": values}}
    facts = [{"id": "whole", "type": "money", "label": "Thành tiền", "formula": "price * n"}]
    charges = [charge(cuts=[], when=ONLINE, amount={"fact": "whole", "basis": {"document": "tt"}})]
    law = read(tables=[limit_table()], parameters=price, facts=facts, charges=charges)
    [found] = [each for each in check(law) if each.kind is FindingKind.PERIOD]
    assert (found.witness.facts, found.witness.on.isoformat()) == ({"n": 0, "channel": "online"}, "2026-01-01")
    assert states(law, found.witness) != [State.DECIDED]
