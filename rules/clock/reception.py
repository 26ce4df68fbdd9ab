"""Before a dossier is accepted (khi tiếp nhận): rounds of supplements, their time, and the duty to receive.

No clock runs yet. A supplement that is asked for in the appraisal is a wait of the time limit, see rules.clock.stops.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from rules.clock.calendar import OfficeTime, moment_words
from rules.clock.counting import due_after
from rules.clock.ledger import LedgerKind, LedgerLine
from rules.clock.spans import Limit
from rules.values import NO_TEXT, LegalBasis, Text
from rules.wording import inner, phrase


@dataclass(frozen=True, slots=True)
class ReceptionRule:
    """What may be asked for before a dossier is accepted (bổ sung khi tiếp nhận).

    `most`: how many rounds; `limit`: how long the applicant has for each; `at_limit`: what happens then.
    `receive_within`: the duty of the office to receive or to answer, which runs meanwhile.
    """

    most: int | None = None
    limit: Limit | None = None
    at_limit: Text | None = None
    receive_within: Limit | None = None
    basis: LegalBasis | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """A supplement that was asked for before acceptance, and when it came (None: it did not)."""

    asked: datetime
    answered: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reception:
    """What happened before acceptance, under which rule; `basis` is the citation of the rule."""

    rule: ReceptionRule
    filed: datetime
    rounds: tuple[Round, ...] = ()
    basis: str = ""

    def lines(self, office: OfficeTime) -> Iterator[LedgerLine]:
        """Yield the duty to receive, and each round with its limit, as lines of the ledger."""
        if self.rule.receive_within:
            by = due_after(self.rule.receive_within, self.filed, office)
            vi, en = "Nộp hồ sơ; phải tiếp nhận hoặc trả lời chậm nhất {}.", "Filed; to be received or answered by {}."
            yield self._line(self.filed, LedgerKind.NOTED, phrase(vi, en, moment_words(by)))
        for number, each in enumerate(self.rounds, start=1):
            yield from self._round(number, each, office)

    def _round(self, number: int, each: Round, office: OfficeTime) -> Iterator[LedgerLine]:
        if self.rule.most is not None and number > self.rule.most:
            vi = "Yêu cầu bổ sung lần {} khi tiếp nhận: chỉ được yêu cầu {} lần{}."
            en = "Supplement {} asked for before acceptance: only {} may be{}."
            said = phrase(vi, en, str(number), str(self.rule.most), self._then)
            yield self._line(each.asked, LedgerKind.TOO_OFTEN, said)
            return
        said = phrase(
            "Yêu cầu bổ sung lần {} khi tiếp nhận.", "Supplement {} asked for before acceptance.", str(number)
        )
        yield self._line(each.asked, LedgerKind.NOTED, said)
        by = due_after(self.rule.limit, each.asked, office) if self.rule.limit else None
        if by and (each.answered is None or each.answered > by):
            vi, en = "Hết thời gian bổ sung lần {}{}.", "The time for supplement {} is over{}."
            yield self._line(by, LedgerKind.STOP_LIMIT, phrase(vi, en, str(number), self._then))
        if each.answered:
            said = phrase("Đã bổ sung lần {}.", "Supplement {} came.", str(number))
            yield self._line(each.answered, LedgerKind.NOTED, said)

    @property
    def _then(self) -> Text:
        then = self.rule.at_limit
        if then is None:
            return NO_TEXT
        return phrase(": {}", ": {}", inner(Text(then.vi.rstrip("."), then.english.rstrip("."))))

    def _line(self, at: datetime, kind: LedgerKind, said: Text) -> LedgerLine:
        return LedgerLine(at, said, self.basis, kind)
