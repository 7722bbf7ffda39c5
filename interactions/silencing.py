"""The copy of a recording in which some stretches are silent, in every channel."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

import soundfile

from bpo.files.models import StoredFile
from bpo.files.services import open_file
from interactions.domain.spans import Span, in_samples, silenced
from interactions.soundbox import BLOCK_SECONDS, blocks


@contextmanager
def silenced_copy(stored: StoredFile, spans: Sequence[Span]) -> Iterator[BinaryIO]:
    """The sound as FLAC with the spans' samples at zero, open at its start. Ten seconds are in memory at a time."""
    with open_file(stored) as source, tempfile.TemporaryFile() as target:
        with soundfile.SoundFile(source) as found:
            _write(found, target, in_samples(silenced(spans), found.samplerate))
        target.seek(0)
        yield target


def _write(found: Any, target: BinaryIO, stretches: list[tuple[int, int]]) -> None:
    how = {"samplerate": found.samplerate, "channels": found.channels, "format": "FLAC", "subtype": "PCM_16"}
    with soundfile.SoundFile(target, "w", **how) as kept:
        for number, block in enumerate(blocks(found)):
            begins = number * found.samplerate * BLOCK_SECONDS
            for start, end in stretches:
                block[max(start - begins, 0) : max(end - begins, 0)] = 0
            kept.write(block)
