"""The summary for the signer (tóm tắt để ký) as PDF: one A4 page, whatever it has to say."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from app.exporters.papers import HERE_TIME, pdf_from, template_of, written_day
from app.exporters.typefaces import FOLDER

SUMMARY_VERSION = "tom-tat-v1"
"""The version of the form that a summary is made with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySection:
    """One part of the page. `lines` are sentences, those of `items` stand below them as a list.

    Where the page is too short for all items, the last ones are left out and counted.
    """

    title: str
    lines: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryPaper:
    """Everything the page shows, as texts ready to read; `issued_at` is a UTC moment, shown as the day in Vietnam.

    `is_ready` tells whether the draft may be published as it is; `standing` says so in words.
    """

    body: str
    procedure_code: str
    procedure_name: str
    standing: str
    is_ready: bool
    sections: tuple[SummarySection, ...]
    drafted_by: str
    fingerprint: str
    issued_at: datetime
    template_version: str = SUMMARY_VERSION

    def __post_init__(self) -> None:
        """Refuse a moment without a time zone: the machine's own zone would change the day on the paper."""
        if self.issued_at.tzinfo is None:
            raise ValueError("Thời điểm trên giấy phải kèm múi giờ.")


def summary_pdf(paper: SummaryPaper, *, fonts: Path = FOLDER) -> bytes:
    """Return the page as PDF/A-2a in Tinos; the same summary always gives the same bytes.

    Raises PaperFontMissingError and PaperTemplateMissingError as `receipt_pdf` does.
    """
    view = {**asdict(paper), "issued_at": written_day(paper.issued_at.astimezone(HERE_TIME).date())}
    return pdf_from(template_of(paper.template_version, "summary"), view, paper.issued_at, fonts)
