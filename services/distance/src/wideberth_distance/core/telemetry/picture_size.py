"""The size of a JPEG from its frame header (ITU T.81, B.2.2), without decoding it."""

_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_FRAME_HEADERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_START_OF_SCAN = 0xDA


def jpeg_long_side_px(content: bytes) -> int | None:
    """The longer side of a JPEG in px; None for another format or where no frame header is found."""
    at = 2
    while content[:2] == b"\xff\xd8" and at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF or marker in _STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker == _START_OF_SCAN:
            return None
        if marker in _FRAME_HEADERS:
            height, width = int.from_bytes(content[at + 5 : at + 7]), int.from_bytes(content[at + 7 : at + 9])
            return max(height, width) or None
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None
