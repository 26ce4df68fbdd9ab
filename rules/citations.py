"""Citations (trích dẫn căn cứ): how official letters write them, and how they are told to a reader of English."""

import re
from collections.abc import Mapping

KINDS = {
    "bộ luật": "Code",
    "luật": "Law",
    "pháp lệnh": "Ordinance",
    "lệnh": "Order",
    "nghị định": "Decree",
    "nghị quyết": "Resolution",
    "thông tư liên tịch": "Joint Circular",
    "thông tư": "Circular",
    "quyết định": "Decision",
    "chỉ thị": "Directive",
    "công văn": "Official Letter",
    "công điện": "Telegram",
    "thông báo": "Notice",
    "kế hoạch": "Plan",
    "văn bản hợp nhất": "Consolidated Document",
    "hiến pháp": "Constitution",
    "hồ sơ tthc": "Record of procedure",
}
"""Kinds of legal documents (loại văn bản) in English."""

LAWS = {
    "hộ tịch": "Civil Status",
    "cư trú": "Residence",
    "căn cước": "Identification",
    "đất đai": "Land",
    "an toàn thực phẩm": "Food Safety",
    "phí và lệ phí": "Fees and Charges",
    "doanh nghiệp": "Enterprises",
    "hôn nhân và gia đình": "Marriage and Family",
    "xây dựng": "Construction",
    "công chứng": "Notarisation",
    "nuôi con nuôi": "Adoption",
    "dân sự": "Civil Law",
    "trẻ em": "Children",
    "người cao tuổi": "the Elderly",
    "bảo vệ môi trường": "Environmental Protection",
    "quản lý thuế": "Tax Administration",
}
"""Subjects by which laws (luật) are called, in English."""

_PLACES_IN_ENGLISH = {"điều": "Article", "khoản": "clause", "điểm": "point"}
_ONE = r"(?:\d+[a-zđ]?|[a-zđ])(?!\w)"
_PLACE = re.compile(r"(điểm|khoản|điều)\s+(" + _ONE + r"(?:\s*(?:,|và)\s*" + _ONE + ")*)", re.IGNORECASE)
_PLACES = re.compile("(?:" + _PLACE.pattern + r",?\s*)+", re.IGNORECASE)
_KIND = re.compile("(" + "|".join(sorted(KINDS, key=len, reverse=True)) + r")(?!\w)\s*", re.IGNORECASE)
_LAW = re.compile("(" + "|".join(sorted(LAWS, key=len, reverse=True)) + r")(?!\w)", re.IGNORECASE)
_WORDS = (
    (re.compile(r"(?<!\w)ngày (?=\d)"), "of "),
    (re.compile(r"(?<!\w)của Hội đồng nhân dân (?:tỉnh|thành phố) "), "of the People’s Council of "),
    (re.compile(r"\(ví dụ\)"), "(example)"),
)


class Citation(str):
    """A citation as official letters write it, in Vietnamese: so it is compared, kept and printed.

    `en` is what an English reader is told, given only where the definition has its note in English: all else of a
    citation is told in English by `english`.
    """

    __slots__ = ("en",)
    en: str

    def __new__(cls, vi: str = "", en: str = "") -> "Citation":
        """Return the citation."""
        made = super().__new__(cls, vi)
        made.en = en
        return made

    @property
    def english(self) -> str:
        """What a reader of English is told."""
        return self.en or in_english(self)

    def to_data(self) -> str | dict[str, str]:
        """Return the citation as plain JSON values: plain text unless it has English of its own."""
        return {"vi": str(self), "en": self.en} if self.en else str(self)

    @classmethod
    def from_data(cls, data: Mapping[str, str] | str) -> "Citation":
        """Read what `to_data` wrote."""
        return cls(data) if isinstance(data, str) else cls(data["vi"], data["en"])


def citation_data(cited: str) -> str | dict[str, str]:
    """Return a citation as plain JSON values, one typed by a person too."""
    return cited.to_data() if isinstance(cited, Citation) else cited


def english_of(cited: str) -> str:
    """Tell a citation to a reader of English, one typed by a person too."""
    return cited.english if isinstance(cited, Citation) else in_english(cited)


def in_english(citation: str) -> str:
    """Tell a citation in English: its article, clause and point, and the kind of the document.

    "điểm a khoản 2 Điều 5 Nghị định 118/2025/NĐ-CP" reads "Article 5, clause 2, point a, Decree 118/2025/NĐ-CP". What
    is not known in English, a note or the name of a place, stays as it is.
    """
    found = _PLACES.match(citation)
    places = {word.lower(): value for word, value in _PLACE.findall(found[0])} if found else {}
    named = [f"{english} {places[word]}" for word, english in _PLACES_IN_ENGLISH.items() if word in places]
    rest = document_in_english(citation[found.end() :] if found else citation)
    return ", ".join([*named, rest] if rest else named)


def document_in_english(name: str) -> str:
    """Tell a document in English: `Luật Hộ tịch 60/2014/QH13` reads `Law on Civil Status 60/2014/QH13`."""
    name = name.strip()
    kind = _KIND.match(name)
    if kind is None:
        return name
    called, rest = KINDS[kind[1].lower()], name[kind.end() :]
    law = _LAW.match(rest)
    if law is not None and called in ("Law", "Code"):
        called, rest = f"{called} on {LAWS[law[1].lower()]}", rest[law.end() :].strip()
    for vietnamese, english in _WORDS:
        rest = vietnamese.sub(english, rest)
    return f"{called} {rest}".strip()
