"""Seeded numbers and ids: each purpose has a stream of its own, so that one more draw here moves nothing there."""

import hashlib
import zlib
from uuid import UUID

import numpy as np

from console.demo.plans import Numbers


def stream(seed: int, *purpose: str) -> np.random.Generator:
    """A generator that depends on the seed and the purpose alone."""
    return np.random.default_rng([seed, zlib.crc32("/".join(purpose).encode())])


def an_id(seed: int, *purpose: str) -> UUID:
    """A UUID of version 8 (RFC 9562: made by a rule of one's own) that depends on the seed and the purpose alone."""
    raw = bytearray(hashlib.sha256(f"{seed}/{'/'.join(purpose)}".encode()).digest()[:16])
    raw[6], raw[8] = raw[6] & 0x0F | 0x80, raw[8] & 0x3F | 0x80
    return UUID(bytes=bytes(raw))


def timed_ids(seconds: Numbers, rng: np.random.Generator) -> Numbers:
    """Ids in the layout of UUID version 7 for instants in UTC seconds: (n, 16) bytes that sort by time."""
    found = rng.integers(0, 256, (len(seconds), 16), dtype=np.uint8)
    milliseconds = np.asarray(seconds, dtype=np.int64) * 1000 + rng.integers(0, 1000, len(seconds))
    for place in range(6):
        found[:, place] = (milliseconds >> (8 * (5 - place))) & 0xFF
    found[:, 6] = found[:, 6] & 0x0F | 0x70
    found[:, 8] = found[:, 8] & 0x3F | 0x80
    return found
