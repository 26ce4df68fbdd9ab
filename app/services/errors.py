"""Refusals of the office's acts: each says what, where and what to do, in words for the person at the screen."""

from collections.abc import Sequence

from forms.sentence import Sentence, Value, joined, sentence_of
from rules.evaluation.findings import Refusal
from rules.values import Text


class RefusalError(Exception):
    """An act that was not done, with the sentence that the person reads and what to do. Nothing was changed.

    Both are Vietnamese; where they have values inside, they are templates and the values come by name:
    `RefusalError("Năm %(year)s nằm ngoài lịch.", todo="Chọn năm đến %(last)s.", year=2150, last=2100)`.
    """

    status = 422

    def __init__(self, sentence: str, *, todo: str = "", **values: Value) -> None:
        self.sentence = sentence_of(sentence, values)
        self.todo = sentence_of(todo, values)
        super().__init__(self.sentence)


class NotFoundError(RefusalError):
    """It does not exist, or this person may not know that it does (the answer is the same)."""

    status = 404


class NotAllowedError(RefusalError):
    """The person's assignments do not cover this act."""

    status = 403


class MoveNotAllowedError(RefusalError):
    """The dossier is in a state in which the act cannot be done."""

    status = 409


class StaleError(RefusalError):
    """Somebody else saved in between; nothing was overwritten."""

    status = 409


class UnusableInputError(RefusalError):
    """What was handed in cannot be read; the sentence says where and what to do."""

    status = 422


class NumbersUsedUpError(RefusalError):
    """The day's series of dossier codes has no number left (9,999 for each unit and day)."""

    status = 409


class NotReceivableError(RefusalError):
    """A dossier that may not be received yet; every ground is told at once, as the law asks: one notice, complete."""

    def __init__(self, grounds: Sequence[str | Text]) -> None:
        super().__init__(
            Sentence("Chưa tiếp nhận được hồ sơ. %(grounds)s", grounds=joined(grounds)),
            todo="Hướng dẫn người nộp bổ sung đủ trong một lần rồi tiếp nhận lại; phần đã nhập vẫn được giữ.",
        )
        self.grounds = tuple(grounds)


class NotEligibleError(RefusalError):
    """A dossier that may not be received at all (từ chối tiếp nhận): no paper and no answer would mend it."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(
            Sentence(
                "Hồ sơ không đủ điều kiện tiếp nhận. %(grounds)s",
                grounds=joined([refusal.text for refusal in refusals]),
            ),
            todo="Lập Phiếu từ chối tiếp nhận giải quyết hồ sơ (mẫu số 03, Thông tư 03/2025/TT-VPCP) với đúng lý do và "
            "căn cứ đã nêu, giao cho người nộp và trả lại giấy tờ. Nếu ghi nhầm câu trả lời thì sửa lại trên mẫu.",
        )
        self.refusals = tuple(refusals)


class NotComputableError(RefusalError):
    """The rules could not be computed for these answers; nothing is decided on half an answer."""


class MatchersDifferError(NotComputableError):
    """The two matchers differ: nothing is computed. `signature` is the hash of the alarm that was kept of it."""

    def __init__(self, sentence: str, *, todo: str = "", signature: str = "", **values: Value) -> None:
        super().__init__(sentence, todo=todo, **values)
        self.signature = signature
