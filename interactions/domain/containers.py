"""Which kind of sound some bytes are, and that they are nothing else beside: told by walking them from end to end.

A file that is a sound to a player and a page, an archive or a document to another program has bytes that belong to no
part of the sound. Each walk names the first such byte. What stands inside a part, such as a tag, isn't looked at: it
is left behind when the sound is written anew.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, Protocol

Form = Literal["wav", "flac", "ogg", "mp3"]
Fault = Literal["empty", "unknown", "truncated", "foreign", "unsupported"]
LONGEST_FRAME: Final = 1 << 20  # bytes of one FLAC frame; 65,535 samples of two channels take half of it


class Bytes(Protocol):
    """What is walked: bytes, or a file mapped into memory."""

    def __len__(self) -> int: ...

    def __getitem__(self, key: slice, /) -> bytes: ...


class NotIntact(ValueError):
    """The bytes are no sound, not the whole of one, or more than one. `at` is the byte where that shows."""

    def __init__(self, fault: Fault, at: int = 0) -> None:
        self.fault, self.at = fault, at
        super().__init__(f"{fault} at byte {at}")


def form_of(data: Bytes) -> Form:
    """The kind of sound that these bytes are, the whole of it and nothing else. Raises NotIntact."""
    if len(data) == 0:
        raise NotIntact("empty")
    form = form_by_head(data[:12])
    if form is None:
        raise NotIntact("unknown")
    WALKS[form](data)
    return form


def form_by_head(head: bytes) -> Form | None:
    """What the first twelve bytes claim; None for no sound we know."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"fLaC":
        return "flac"
    if head[:4] == b"OggS":
        return "ogg"
    return "mp3" if head[:3] == b"ID3" or _frame_of(head[:4]) else None


def _walk_wav(data: Bytes) -> None:
    """RIFF: a length for the whole, then chunks that fill it, one of them the format and one the samples."""
    end = 8 + int.from_bytes(data[4:8], "little")
    _ends_at(data, end + end % 2 if len(data) == end + end % 2 else end)
    at, names = 12, []
    while at < end:
        if end - at < 8:
            raise NotIntact("truncated", at)
        names.append(data[at : at + 4])
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > end:
            raise NotIntact("truncated", at)
        at += 8 + size + size % 2
    if names.count(b"fmt ") != 1 or names.count(b"data") != 1:
        raise NotIntact("unsupported", 12)


def _ends_at(data: Bytes, end: int) -> None:
    if len(data) < end:
        raise NotIntact("truncated", len(data))
    if len(data) > end:
        raise NotIntact("foreign", end)


@dataclass(frozen=True, slots=True)
class _Page:
    at: int
    end: int
    flags: int
    serial: bytes
    number: int


CONTINUED, FIRST, LAST = 1, 2, 4


def _walk_ogg(data: Bytes) -> None:
    """Pages of one stream without a gap, from one marked as the first to one marked as the last."""
    serial, last = b"", None
    for wanted, page in enumerate(_pages(data)):
        if wanted == 0:
            serial = page.serial
            if not page.flags & FIRST or _packet_of(data, page) not in (b"\x01vorb", b"OpusH"):
                raise NotIntact("unsupported", page.at)
        elif page.serial != serial or page.flags & FIRST:
            raise NotIntact("unsupported", page.at)
        elif last is not None and last.flags & LAST:
            raise NotIntact("foreign", page.at)
        if page.number != wanted:
            raise NotIntact("truncated", page.at)
        last = page
    if last is None or not last.flags & LAST:
        raise NotIntact("truncated", len(data))


def _pages(data: Bytes) -> Iterator[_Page]:
    at = 0
    while at < len(data):
        head = data[at : at + 27]
        if head[:4] != b"OggS"[: len(head)] or head[4:5] not in (b"\x00", b""):
            raise NotIntact("foreign", at)
        table = data[at + 27 : at + 27 + (head[26] if len(head) == 27 else 0)]
        if len(head) < 27 or len(table) < head[26]:
            raise NotIntact("truncated", at)
        end = at + 27 + len(table) + sum(table)
        if end > len(data):
            raise NotIntact("truncated", at)
        yield _Page(at, end, head[5], head[14:18], int.from_bytes(head[18:22], "little"))
        at = end


def _packet_of(data: Bytes, page: _Page) -> bytes:
    start = page.at + 27 + data[page.at + 26 : page.at + 27][0]
    return data[start : min(start + 5, page.end)]


BITRATES: Final = {  # kbit/s by index 1 to 14: of version 1 by layer, of the others layer 1 and the rest
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
RATES: Final = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


@dataclass(frozen=True, slots=True)
class _Frame:
    """One frame of MPEG audio: its length in bytes, and what has to be the same in all."""

    length: int
    kind: tuple[int, int, int]  # version bits, layer, samples a second


def _frame_of(head: bytes) -> _Frame | None:
    """What a header of four bytes says; None for none, for the reserved values, and for no stated bit rate."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    bits, rate = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer == 4 or bits in (0, 15) or rate == 3:
        return None
    hertz = RATES[version][rate]
    kbits = BITRATES[1 if version == 3 else 2, layer][bits - 1]
    padding = head[2] >> 1 & 1
    if layer == 1:
        return _Frame((12_000 * kbits // hertz + padding) * 4, (version, layer, hertz))
    slots = 72_000 if layer == 3 and version != 3 else 144_000
    return _Frame(slots * kbits // hertz + padding, (version, layer, hertz))


def _walk_mp3(data: Bytes) -> None:
    """Tags, then frames of one kind without a gap, then at most the two tags that stand at an end."""
    at = _after_tags(data)
    end = _before_tags(data)
    first, frames = None, 0
    promised = _promised(data[at : at + 200])
    while at < end:
        found = _frame_of(data[at : at + 4])
        if found is None or (first is not None and found.kind != first.kind):
            raise NotIntact("foreign" if frames or at else "unknown", at)
        if at + found.length > end:
            raise NotIntact("truncated", at)
        first, frames, at = found, frames + 1, at + found.length
    if frames == 0 or frames - 1 < promised:
        raise NotIntact("truncated", len(data))


def _after_tags(data: Bytes) -> int:
    """Where what follows the ID3v2 tags begins."""
    at = 0
    while (head := data[at : at + 10])[:3] == b"ID3":
        if len(head) < 10 or any(byte & 0x80 for byte in head[6:10]):
            raise NotIntact("truncated", at)
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        at += 10 + size + (10 if head[5] & 0x10 else 0)
        if at > len(data):
            raise NotIntact("truncated", at)
    return at


def _before_tags(data: Bytes) -> int:
    """Where an ID3v1 tag and an APE tag at the end begin."""
    end = len(data)
    if end >= 128 and data[end - 128 : end - 125] == b"TAG":
        end -= 128
    foot = data[max(end - 32, 0) : end]
    if foot[:8] == b"APETAGEX":
        size = int.from_bytes(foot[12:16], "little") + (32 if foot[23] & 0x80 else 0)
        if size <= end:
            end -= size
    return end


def _promised(frame: bytes) -> int:
    """How many frames the encoder says follow the first; 0 where it doesn't."""
    found = re.search(rb"(?:Xing|Info)(.{4})(.{4})", frame, re.DOTALL)
    return int.from_bytes(found[2], "big") if found and found[1][3] & 1 else 0


def _walk_flac(data: Bytes) -> None:
    """Blocks of metadata, then frames; the last of them ends where the bytes do, which its checksum proves."""
    at, last, longest = 4, False, LONGEST_FRAME
    while not last:
        head = data[at : at + 4]
        if len(head) < 4:
            raise NotIntact("truncated", at)
        last, size = bool(head[0] & 0x80), int.from_bytes(head[1:4], "big")
        if at == 4:
            if head[0] & 0x7F or size != 34:
                raise NotIntact("unsupported", at)
            longest = int.from_bytes(data[at + 11 : at + 14], "big") or LONGEST_FRAME
        at += 4 + size
        if at >= len(data):
            raise NotIntact("truncated", len(data))
    start = max(at, len(data) - min(longest, LONGEST_FRAME))
    if not _ends_with_a_frame(data[start : len(data)]):
        raise NotIntact("foreign", len(data))


def _ends_with_a_frame(tail: bytes) -> bool:
    """Whether some frame begins in these bytes and ends with them."""
    starts = [found.start() for found in re.finditer(rb"\xff[\xf8\xf9]", tail)]
    return any(_begins_a_frame(tail[at : at + 16]) and _crc16(tail[at:]) == 0 for at in reversed(starts))


def _begins_a_frame(head: bytes) -> bool:
    """A frame's header ends with its own checksum, after five to fifteen bytes."""
    if len(head) < 6 or head[3] & 1 or head[2] >> 4 == 0 or head[2] & 15 == 15:
        return False
    number = max(8 - (~head[4] & 0xFF).bit_length(), 1)  # bytes of the frame's number, told by its leading ones
    size = 4 + number + {6: 1, 7: 2}.get(head[2] >> 4, 0) + {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
    return len(head) > size and _crc8(head[:size]) == head[size]


def _table(bits: int, polynomial: int) -> tuple[int, ...]:
    top, mask = 1 << bits - 1, (1 << bits) - 1
    found = []
    for value in range(256):
        rest = value << bits - 8
        for _ in range(8):
            rest = (rest << 1 ^ polynomial if rest & top else rest << 1) & mask
        found.append(rest)
    return tuple(found)


EIGHT: Final = _table(8, 0x07)
SIXTEEN: Final = _table(16, 0x8005)


def _crc8(data: bytes) -> int:
    value = 0
    for byte in data:
        value = EIGHT[value ^ byte]
    return value


def _crc16(data: bytes) -> int:
    """Zero over a whole frame, whose last two bytes are its checksum."""
    value = 0
    for byte in data:
        value = (value << 8 & 0xFF00) ^ SIXTEEN[value >> 8 ^ byte]
    return value


WALKS: Final[dict[Form, Callable[[Bytes], None]]] = {
    "wav": _walk_wav,
    "flac": _walk_flac,
    "ogg": _walk_ogg,
    "mp3": _walk_mp3,
}
