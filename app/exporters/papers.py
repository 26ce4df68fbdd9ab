"""Papers that the office hands to a person, as PDF: form 01, the receipt with the appointment; form 03, the refusal.

Form 01 is "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" of Thông tư 03/2025/TT-VPCP, Phụ lục I; the page follows
Nghị định 30/2020/NĐ-CP, Phụ lục I. The fee, the appointment and the reason and citation under each are our addition.
Form 03 is "Phiếu từ chối tiếp nhận giải quyết hồ sơ" of the same annex.
"""

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import typst

from app.exporters.amounts import amount_in_figures, amount_in_words
from app.exporters.qr import qr_matrix
from app.exporters.typefaces import FOLDER, drawable, paper_fonts

TEMPLATE_VERSION = "tt03-2025-v3"
"""The version of the forms that a new paper is made with; an old paper is printed again with its own."""

REFUSAL_VERSION = "tt03-2025-v1"
"""The version of form 03; each form has versions of its own."""

NO_RULE = "Chưa có quy định áp dụng"
HERE_TIME = timezone(timedelta(hours=7))  # Vietnam keeps one hour all year, so papers need no time zone database
TEMPLATES = Path(__file__).resolve().parent / "templates"
UNDRAWABLE = "□"
_LONG_WORD = re.compile(r"\S{30}(?=\S)")
_AMOUNT = re.compile(r"(?<=\d) (?=(?:đ|đồng|USD)\b)|(?<=[=×]) (?=\d)")
_SHOWN_AS = {"Cc": " ", "Zs": " ", "Zl": " ", "Zp": " ", "Cf": ""}


class PaperTemplateMissingError(LookupError):
    """A paper names a version of its form that this program does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a fee or a day is what it is: the rule's sentence and its legal citation (căn cứ pháp lý)."""

    sentence: str
    citation: str
    is_example: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person or organisation on a paper: the applicant (người nộp hồ sơ) or the owner of the dossier (chủ hồ sơ).

    `identity_number` is printed as given, behind `number_label`: pass `masked(number)` where the full number is not
    asked for. `representative` acts and signs for an organisation; it is empty for a person. `called` is what an
    organisation is called before its name.
    """

    name: str
    address: str
    phone: str = ""
    email: str = ""
    identity_number: str = ""
    number_label: str = "Số định danh cá nhân/hộ chiếu"
    representative: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """One paper of the dossier (thành phần hồ sơ) and how many pieces of each form were handed in."""

    name: str
    originals: int = 0
    certified: int = 0
    photocopies: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """One charge (khoản thu): `amount` in whole đồng, None where there is none yet; `kind` as "Phí" or "Lệ phí".

    `collected` says when it is paid. `pending` says what the amount waits for, such as another body's notice; where it
    is empty, no rule gives an amount.
    """

    name: str
    kind: str
    amount: int | None
    reasons: tuple[Reason, ...] = ()
    collected: str = ""
    pending: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """When the result is to be returned (hẹn trả): a UTC moment, None where no rule gives one.

    `counted` says in one sentence why it is that day: received late, days off; empty where that is plain.
    """

    at: datetime | None
    reasons: tuple[Reason, ...] = ()
    counted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPaper:
    """Everything that form 01 shows. Moments are UTC; the paper shows them in Vietnam's time.

    `issued_at` gives the day on the paper and the creation date of the file. `tracking` is what the QR code holds.
    `owner` is None where the applicant owns the dossier. `is_example` marks a whole paper of demonstration.
    `officer_position` stands under the name of an officer who receives for the unit, such as a postal clerk.
    """

    parent_body: str
    unit: str
    number: str
    dossier_code: str
    place: str
    issued_at: datetime
    tracking: str
    applicant: Party
    channel: str
    procedure_code: str
    procedure_name: str
    request: str
    documents: tuple[HandedIn, ...]
    statutory_time: str
    received_at: datetime
    appointment: Appointment
    result_place: str
    officer_name: str
    officer_position: str = ""
    owner: Party | None = None
    sets: int = 1
    fees: tuple[FeeLine, ...] = ()
    notes: tuple[str, ...] = ()
    is_example: bool = False
    template_version: str = TEMPLATE_VERSION

    def __post_init__(self) -> None:
        """Refuse a moment without a time zone: the machine's own zone would change the day on the paper."""
        moments = (self.issued_at, self.received_at, self.appointment.at)
        if any(moment is not None and moment.tzinfo is None for moment in moments):
            raise ValueError("Thời điểm trên giấy phải kèm múi giờ.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One ground of a refusal in words, with its legal citations (căn cứ pháp lý)."""

    sentence: str
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalPaper:
    """Everything that form 03 shows; `issued_at` is a UTC moment, shown as the day in Vietnam."""

    parent_body: str
    unit: str
    number: str
    place: str
    issued_at: datetime
    applicant: Party
    channel: str
    procedure_code: str
    procedure_name: str
    grounds: tuple[Ground, ...]
    officer_name: str
    template_version: str = REFUSAL_VERSION

    def __post_init__(self) -> None:
        """Refuse a moment without a time zone, and a refusal without a ground: the law asks for the reason."""
        if self.issued_at.tzinfo is None:
            raise ValueError("Thời điểm trên giấy phải kèm múi giờ.")
        if not self.grounds:
            raise ValueError("Phiếu từ chối phải nêu lý do.")


def refusal_pdf(paper: RefusalPaper, *, fonts: Path = FOLDER) -> bytes:
    """Return form 03 as PDF/A-2a in Tinos; the same paper always gives the same bytes.

    Raises PaperFontMissingError and PaperTemplateMissingError as `receipt_pdf` does.
    """
    issued_on = paper.issued_at.astimezone(HERE_TIME).date()
    view = {
        **asdict(paper),
        "unit_name": paper.unit,
        "parent_body": paper.parent_body.upper(),
        "unit": paper.unit.upper(),
        "issued_at": f"{paper.place}, {written_day(issued_on)}",
    }
    return pdf_from(template_of(paper.template_version, "refusal"), view, paper.issued_at, fonts)


def receipt_pdf(paper: ReceiptPaper, *, fonts: Path = FOLDER) -> bytes:
    """Return the paper as PDF/A-2a in Tinos; the same paper always gives the same bytes.

    Raises PaperFontMissingError where the typeface is not installed, PaperTemplateMissingError where the form is
    unknown, ValueError where `tracking` is empty or too long for a QR code or a charge is below zero.
    """
    template = template_of(paper.template_version, "receipt")
    return pdf_from(template, _view(paper), paper.issued_at, fonts, qr=json.dumps(qr_matrix(paper.tracking)))


def pdf_from(template: Path, view: dict[str, object], issued_at: datetime, fonts: Path, **inputs: str) -> bytes:
    """Return a paper set from its template and its data as PDF/A-2a; nothing of the data is read as a program."""
    faces = paper_fonts(fonts)
    return typst.compile(
        template,
        root=template.parent,
        font_paths=faces,
        ignore_system_fonts=True,
        format="pdf",
        # What people wrote enters as data and is only ever shown as a string; none of it is read as typst code.
        sys_inputs={"paper": json.dumps(_printable(view, drawable(fonts)), ensure_ascii=False), **inputs},
        pdf_standards="a-2a",
        timestamp=int(issued_at.timestamp()),
    )


def masked(number: str) -> str:
    """Return an identity number (số định danh cá nhân) with all but its first three and last three digits hidden."""
    return number[:3] + "*" * (len(number) - 6) + number[-3:] if len(number) >= 9 else "*" * len(number)


def written_day(day: date) -> str:
    """Return a day as NĐ 30/2020 writes it: a zero stands before days 1-9 and before months 1 and 2 only."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def written_moment(at: datetime) -> str:
    """Return a UTC moment in Vietnam's time: "08 giờ 30 phút, ngày 05 tháng 3 năm 2026"."""
    here = at.astimezone(HERE_TIME)
    return f"{here:%H} giờ {here:%M} phút, {written_day(here.date())}"


def template_of(version: str, paper: str) -> Path:
    """Return the form of this version; the version is compared with what is there, never used as a path."""
    versions = {folder.name: folder for folder in TEMPLATES.iterdir() if (folder / f"{paper}.typ").is_file()}
    if version not in versions:
        raise PaperTemplateMissingError(
            f"Giấy này dùng mẫu phiên bản “{version}” nhưng chương trình chỉ có: {', '.join(sorted(versions))}. "
            "Cập nhật chương trình để có mẫu đó rồi in lại."
        )
    return versions[version] / f"{paper}.typ"


def _view(paper: ReceiptPaper) -> dict[str, object]:
    """Return the paper as the template lays it out: strings ready to read, in the order of the form."""
    issued_on = paper.issued_at.astimezone(HERE_TIME).date()
    return {
        **asdict(paper),
        "unit_name": paper.unit,
        "parent_body": paper.parent_body.upper(),
        "unit": paper.unit.upper(),
        "issued_at": f"{paper.place}, {written_day(issued_on)}",
        "received_at": written_moment(paper.received_at),
        "sets": f"{paper.sets:02}",
        "statutory_time": paper.statutory_time or NO_RULE,
        "appointment": {**asdict(paper.appointment), "at": _appointed(paper.appointment)},
        "documents": [asdict(document) for document in paper.documents],
        "fees": [{**asdict(fee), "name": _named(fee), "amount": _charged(fee)} for fee in paper.fees],
        "total": _total(paper.fees),
        "has_examples": any(reason.is_example for reason in _reasons(paper)),
    }


def _reasons(paper: ReceiptPaper) -> list[Reason]:
    return [*paper.appointment.reasons, *(reason for fee in paper.fees for reason in fee.reasons)]


def _appointed(appointment: Appointment) -> str:
    return NO_RULE if appointment.at is None else written_moment(appointment.at)


def _named(fee: FeeLine) -> str:
    return f"{fee.name} ({fee.collected})" if fee.collected else fee.name


def _charged(fee: FeeLine) -> str:
    return (fee.pending or NO_RULE) if fee.amount is None else amount_in_figures(fee.amount)


def _total(fees: tuple[FeeLine, ...]) -> list[str]:
    """Return the sentences under the charges; a charge that no rule gives leaves the total open, it is never 0."""
    known = [fee.amount for fee in fees if fee.amount is not None]
    waiting = list(dict.fromkeys(_charged(fee) for fee in fees if fee.amount is None))
    if not fees:
        return ["Thủ tục này không có khoản phí, lệ phí nào."]
    if not known:
        return [f"Tổng số tiền: {'; '.join(waiting)}."]
    figures, words = amount_in_figures(sum(known)), amount_in_words(sum(known))
    if not waiting:
        return [f"Tổng số tiền: {figures} đồng", f"(Bằng chữ: {words})."]
    missing = len(fees) - len(known)
    return [
        f"Tổng số tiền: chưa xác định, vì còn {missing} khoản {'; '.join(map(_small, waiting))}.",
        f"Các khoản đã xác định: {figures} đồng (Bằng chữ: {words}).",
    ]


def _small(text: str) -> str:
    return text[0].lower() + text[1:]


def _printable(value: object, characters: frozenset[str]) -> object:
    """Return the view with every text made ready for the typeface."""
    match value:
        case dict():
            return {key: _printable(part, characters) for key, part in value.items()}
        case list() | tuple():
            return [_printable(part, characters) for part in value]
        case str():
            return _drawn(value, characters)
        case _:
            return value


def _drawn(text: str, characters: frozenset[str]) -> str:
    """Return a text in composed letters (NFC), without marks that turn or hide it, with room to break long words.

    A character that the typeface lacks becomes an empty box, which the paper explains: it is never drawn in another
    typeface, and a foreign letter in a name never stops a person's receipt.
    """
    shown = "".join(
        _SHOWN_AS.get(unicodedata.category(letter), letter) for letter in unicodedata.normalize("NFC", text)
    )
    known = "".join(letter if letter in characters else UNDRAWABLE for letter in shown)
    # Spaces of any kind become plain ones, so that text pasted from elsewhere can break; an amount may not, nor may
    # the sign before a figure stand alone at the end of a line.
    return _AMOUNT.sub("\u00a0", _LONG_WORD.sub("\\g<0>\u200b", " ".join(known.split())))
