"""A definition that nobody would send on purpose is refused on upload in one sentence with its line, and soon."""

import unicodedata

import pytest

from app.services.procedure import DefinitionRefusedError, read_definition, text_of
from tests import procedure_texts as texts

WHOLE = texts.WHOLE


def at(sign: str, text: str = WHOLE) -> int:
    return texts.line_of(text, sign)


DEEP = 'facts: [{id: x, type: int, label: x, formula: "' + "(" * 5_000 + '1"}]'
HUGE = "a" * 1_000_000

BAD = {
    "5,000 brackets": (
        WHOLE.replace("inputs: [channel]", "inputs: " + "[" * 5_000 + "]" * 5_000),
        at("inputs: [channel]"),
        "Lồng quá 50 cấp.",
    ),
    "5,000 brackets in a formula": (
        WHOLE.replace("tables:\n", f"{DEEP}\ntables:\n", 1),
        at("tables:"),
        "Công thức lồng quá 32 lớp",
    ),
    "a cell of 1 MB": (WHOLE.replace("not(online)", HUGE), at("not(online)"), "Nội dung dài quá 50.000 ký tự."),
    "a key of 40 KB": (WHOLE + '"' + "a" * 900 + '": 1\n', WHOLE.count("\n") + 1, "Không có mục"),
    "half a character": (WHOLE.replace("{vi: Tờ khai}", '"\\ud83d"'), at("{vi: Tờ khai}"), ""),
    "half a character of its own": (WHOLE.replace("Tờ khai}", "\ud83d}", 1), at("Tờ khai}"), "Có một nửa ký tự"),
    "an amount of 10^18 more than is counted": (
        WHOLE.replace("amount: 8000", f"amount: {10**19}"), at("amount: 8000"), "quá lớn.",
    ),
    "an amount of 10^18": (
        WHOLE.replace("amount: 8000", f"amount: {10**18}"), at("amount: 8000"), "nằm ngoài khoảng cho phép.",
    ),
    "a key twice": (WHOLE + "format: 1\n", WHOLE.count("\n") + 1, "Mục “format” đã có ở dòng 1."),
    "a code that is a number": (WHOLE.replace(f'"{texts.CODE}"', "1.001190"), 2, "1.001190 viết trần"),
    "not a number": (WHOLE.replace("amount: 8000", "amount: .nan"), at("amount: 8000"), ".nan viết trần"),
    "1e400": (WHOLE.replace("amount: 8000", "amount: 1e400"), at("amount: 8000"), "1e400 viết trần"),
    "100,000 keys": (WHOLE + "".join(f"k{number}: 1\n" for number in range(100_000)), WHOLE.count("\n") + 1, "k0"),
    "3 MB": (WHOLE + "#" * 3_000_000, 1, "quá 2 MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_it_is_refused_with_its_line(name):
    text, line, sentence = BAD[name]
    with pytest.raises(DefinitionRefusedError) as refused:
        read_definition(text)
    first = refused.value.findings[0]
    assert first.line == line
    assert sentence in first.what
    assert len(refused.value.findings) <= 101
    assert all(len(str(each.sentence)) < 1_000 for each in refused.value.findings)


def test_bytes_that_are_half_a_character_are_refused_with_their_line():
    with pytest.raises(DefinitionRefusedError) as refused:
        text_of(WHOLE.encode().replace("Tờ khai}".encode(), b"\xed\xa0\xbd}", 1))
    assert refused.value.findings[0].line == at("Tờ khai}")


def test_letters_in_pieces_are_the_same_definition():
    assert read_definition(unicodedata.normalize("NFD", WHOLE))[0] == read_definition(WHOLE)[0]


def test_an_amount_of_ten_to_the_fifteenth_is_read_as_it_was_written():
    definition, _ = read_definition(WHOLE.replace("amount: 8000", f"amount: {10**15}"))
    assert definition.table("price").rows[0].then == (10**15,)
