"""How relations and steps of the internal process are said, in reasons and in a definition read aloud."""

from collections.abc import Mapping

from rules.clock.spans import Limit
from rules.definition.internal import ACT_FROM_WORDS, Act, Late
from rules.definition.process import ExternalSystem, ProcessStep, Relation, To, WhoseClock
from rules.values import Text
from rules.vocabulary import Fact
from rules.wording import phrase


def relation_words(relation: Relation, vocabulary: Mapping[str, Fact]) -> Text:
    """Say to whom a relation leads: `đơn vị theo “Nơi cư trú”`."""
    if relation.to is To.REGISTERING_UNIT and not relation.fact:
        return Text("cơ quan đã đăng ký việc này", "the body that registered the event")
    if relation.fact:
        patterns = _BY_FACT[relation.to]
        return phrase(*patterns, vocabulary[relation.fact].label)
    return phrase(*_PLAIN[relation.to], relation.unit or relation.branch)


_BY_FACT: Mapping[To, tuple[str, str]] = {
    To.UNIT_OF_FACT: ("đơn vị theo “{}”", "the unit by “{}”"),
    To.REGISTERING_UNIT: ("cơ quan đã đăng ký việc này, theo “{}”", "the body that registered the event, by “{}”"),
}
_PLAIN: Mapping[To, tuple[str, str]] = {
    To.RECEIVING_UNIT: ("đơn vị tiếp nhận", "the unit that receives"),
    To.DEPARTMENT_OF_FIELD: ("sở, ban, ngành quản lý lĩnh vực", "the department for the field of work"),
    To.NAMED_UNIT: ("đơn vị {}", "the unit {}"),
    To.BRANCH: ("chi nhánh {}", "the branch {}"),
}


def step_words(step: ProcessStep, vocabulary: Mapping[str, Fact]) -> list[Text]:
    """Say how long a step must and may take, which outside system has it meanwhile, and who takes it."""
    said: list[Text] = []
    if step.at_least:
        said.append(phrase("ít nhất {}", "at least {}", step.at_least.words))
    if step.at_most:
        said.append(phrase("nhiều nhất {}", "at most {}", step.at_most.words))
        if step.at_most.cutoff:
            vi, en = (
                "đến bước này sau {} thì tính từ ngày làm việc kế tiếp",
                "reached after {}: from the next working day",
            )
            said.append(phrase(vi, en, f"{step.at_most.cutoff:%H:%M}"))
    if step.quota:
        said.append(quota_words(step.quota))
    said.extend(act_words(act) for act in step.acts)
    said.extend(external_words(step.external) if step.external else ())
    if step.relation:
        said.append(phrase("do {} thực hiện", "taken by {}", relation_words(step.relation, vocabulary)))
    if step.role:
        said.append(role_words(step.role))
    return said


def quota_words(quota: Limit) -> Text:
    """Say the share of the time limit that the internal process gives a step."""
    return phrase("được giao {} trong thời hạn", "given {} of the time limit", quota.words)


def role_words(role: Text) -> Text:
    """Say who in the unit takes a step."""
    return phrase("người làm: {}", "done by: {}", role)


def act_words(act: Act) -> Text:
    """Say by when an act inside a step must be done: `chuyển hồ sơ: trong ngày kể từ khi tiếp nhận`."""
    said = phrase("{} {}", "{} {}", act.within.words, ACT_FROM_WORDS[act.counts_from])
    if act.within.cutoff:
        said = phrase("{}, {}", "{}, {}", said, phrase(*_LATE[act.late], f"{act.within.cutoff:%H:%M}"))
    return phrase("{}: {}", "{}: {}", act.label, said)


_LATE: Mapping[Late, tuple[str, str]] = {
    Late.NEXT_DAY: ("sau {} thì tính từ ngày làm việc kế tiếp", "after {} from the next working day"),
    Late.NEXT_MORNING: ("sau {} thì trong buổi sáng ngày làm việc kế tiếp", "after {} by the next working morning"),
}


def external_words(external: ExternalSystem) -> list[Text]:
    """Say which outside system has a step, by when it must acknowledge, and whose time runs."""
    said = [phrase("thuộc hệ thống ngoài “{}”", "belongs to the outside system “{}”", external.system)]
    if external.acknowledged_within:
        vi, en = "thời gian để hệ thống đó xác nhận: {}", "time for it to acknowledge: {}"
        said.append(phrase(vi, en, external.acknowledged_within.words))
    theirs = external.clock is WhoseClock.THEIRS
    said.append(
        Text("thời gian chờ không tính vào thời hạn", "the wait does not count against the time limit")
        if theirs
        else Text("thời hạn vẫn tính trong lúc chờ", "the time limit runs on meanwhile")
    )
    return said
