"""What is told where another body's system keeps the dossier: who decides, what the desk does, what is shown here."""

from dataclasses import dataclass

from rules.definition.keeping import Desk
from rules.definition.procedure import ProcedureDefinition
from rules.values import Text
from rules.vocabulary import Facts
from rules.wording import phrase

LABEL = Text("Hệ thống giữ hồ sơ", "System that keeps the dossier")
DONE_HERE = {
    Desk.TRANSFERS: Text(
        "Nơi tiếp nhận chỉ nhận giấy tờ, thu tiền, in giấy tiếp nhận rồi chuyển hồ sơ đi; ở đây lưu bản theo dõi.",
        "The desk only takes the papers and the money, prints the receipt and transfers the dossier; a copy to follow "
        "it is kept here.",
    ),
    Desk.GUIDES: Text(
        "Ở đây chỉ hướng dẫn giấy tờ, phí và thời hạn: không nhận hồ sơ, không in giấy tiếp nhận, không lưu gì.",
        "Here applicants are only guided on papers, fee and time limit: no dossier is received, no receipt is printed, "
        "nothing is kept.",
    ),
}
MIRRORED = Text(
    "Trạng thái và kết quả ở đây chỉ ghi lại theo hệ thống đó.",
    "State and result shown here only repeat what that system says.",
)
NO_NUMBER = Text("chưa ghi", "not entered yet")


@dataclass(frozen=True, slots=True)
class Keeping:
    """`owner` says who decides and which system keeps the state, `desk` what is done here, `mirrored` what is shown.

    `number_label` is None where the procedure has no field for the number there; `number` is empty until it is known.
    """

    owner: Text
    desk: Text
    mirrored: Text
    is_guidance: bool
    number_label: Text | None
    number: str

    @property
    def numbered(self) -> Text | None:
        """The number in that system as a sentence, None where the procedure has no field for it."""
        if self.number_label is None:
            return None
        return phrase("{}: {}.", "{}: {}.", self.number_label, self.number or NO_NUMBER)


def keeping_said(definition: ProcedureDefinition, facts: Facts) -> Keeping | None:
    """Say who keeps a dossier with these facts, None where it is this system."""
    kept = definition.kept_elsewhere
    if kept is None:
        return None
    body = definition.statutory.body
    owner = (
        phrase("{} giải quyết; hồ sơ và trạng thái do {} giữ.", "{}: who decides. {} keeps dossier and state.",
               body, kept.system)
        if body
        else phrase("Hồ sơ và trạng thái do {} giữ.", "{} keeps dossier and state.", kept.system)
    )  # fmt: skip
    label = next((field.label for field in definition.fields if field.id == kept.number), None)
    return Keeping(
        owner, DONE_HERE[kept.desk], MIRRORED, kept.desk is Desk.GUIDES, label, str(facts.get(kept.number, ""))
    )
