"""How the children of a linked group are said, in reasons and in a definition read aloud."""

from rules.definition.linked import LinkedChild, LinkedGroup
from rules.values import Text
from rules.wording import phrase


def child_words(child: LinkedChild, group: LinkedGroup) -> list[Text]:
    """Say which procedure of the group a child is, who has it, and how long it may take."""
    said = [phrase("thủ tục {}", "the procedure {}", child.procedure)]
    if child.system:
        said.append(phrase("tại {}", "at: {}", child.system))
    if child.after:
        before = next(each.label for each in group.children if each.id == child.after)
        said.append(phrase("sau khi xong “{}”", "once “{}” is done", before))
    if child.acknowledged_within:
        said.append(phrase("xác nhận trong {}", "acknowledged within {}", child.acknowledged_within.words))
    said.append(phrase("giải quyết trong {}", "settled within {}", child.within.words))
    if child.within.cutoff:
        vi, en = "bắt đầu sau {} thì tính từ ngày làm việc kế tiếp", "begun after {}: from the next working day"
        said.append(phrase(vi, en, f"{child.within.cutoff:%H:%M}"))
    return said
