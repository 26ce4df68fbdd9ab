"""How the children of a linked group are said, in reasons and in a definition read aloud."""

from rules.linked import LinkedChild
from rules.values import Text
from rules.wording import phrase


def child_words(child: LinkedChild) -> list[Text]:
    """Say which procedure a child is, who has it, and how long it may take."""
    said = [phrase("thủ tục {}", "the procedure {}", child.procedure)]
    if child.system:
        said.append(phrase("tại {}", "at: {}", child.system))
    if child.after:
        said.append(phrase("sau khi xong “{}”", "once “{}” is done", child.after))
    if child.acknowledged_within:
        said.append(phrase("xác nhận trong {}", "acknowledged within {}", child.acknowledged_within.words))
    said.append(phrase("giải quyết trong {}", "settled within {}", child.within.words))
    return said
