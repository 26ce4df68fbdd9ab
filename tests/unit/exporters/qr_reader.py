"""A reader of QR codes that shares nothing with the writer: ISO/IEC 18004, versions 1 to 6, level M, no repair."""

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
BLOCKS = {1: (26, 10, 1), 2: (44, 16, 1), 3: (70, 26, 1), 4: (100, 18, 2), 5: (134, 24, 2), 6: (172, 16, 4)}
MASKS = (
    lambda r, c: (r + c) % 2,
    lambda r, c: r % 2,
    lambda r, c: c % 3,
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)


def read_qr(rows: tuple[str, ...]) -> str:
    """Return the text of a code given as rows of "1" and "0"."""
    version = (len(rows) - 17) // 4
    total, repair, blocks = BLOCKS[version]
    bits = unmasked(rows)
    words = [int(bits[at : at + 8], 2) for at in range(0, total * 8, 8)]
    length = (total - repair * blocks) // blocks
    data = [words[place * blocks + block] for block in range(blocks) for place in range(length)]
    return text_of("".join(f"{word:08b}" for word in data))


def unmasked(rows: tuple[str, ...]) -> str:
    size = len(rows)
    form = int(rows[8][:6] + rows[8][7:9] + rows[7][8] + "".join(rows[r][8] for r in range(5, -1, -1)), 2) ^ 0x5412
    assert form >> 13 == 0, "level M is written 00"
    mask = MASKS[form >> 10 & 7]
    bits = ""
    for lane, right in enumerate([*range(size - 1, 6, -2), 5, 3, 1]):
        order = range(size) if lane % 2 else range(size - 1, -1, -1)
        for row in order:
            for column in (right, right - 1):
                if not reserved(row, column, size):
                    bits += str(int(rows[row][column]) ^ (mask(row, column) == 0))
    return bits


def reserved(row: int, column: int, size: int) -> bool:
    corner = (row < 9 and (column < 9 or column >= size - 8)) or (row >= size - 8 and column < 9)
    alignment = size > 21 and abs(row - size + 7) <= 2 and abs(column - size + 7) <= 2
    return corner or alignment or 6 in (row, column)


def text_of(bits: str) -> str:
    mode = int(bits[:4], 2)
    if mode == 4:
        count = int(bits[4:12], 2)
        return bytes(int(bits[at : at + 8], 2) for at in range(12, 12 + 8 * count, 8)).decode()
    assert mode == 2
    count, bits = int(bits[4:13], 2), bits[13:]
    pairs = [int(bits[at : at + 11], 2) for at in range(0, count // 2 * 11, 11)]
    text = "".join(ALPHANUMERIC[pair // 45] + ALPHANUMERIC[pair % 45] for pair in pairs)
    return text + (ALPHANUMERIC[int(bits[len(pairs) * 11 : len(pairs) * 11 + 6], 2)] if count % 2 else "")
