"""Keeping the sound of a call, with its peaks made once so that a page draws it without the sound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final

import numpy as np
import soundfile
from django.db import transaction
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from bpo.actors import By
from bpo.files.services import open_file, store_file
from interactions.models import Interaction, Recording

PURPOSE: Final = "recording"
LIMIT: Final = 200_000_000  # bytes
PER_SECOND: Final = 4
BLOCK_SECONDS: Final = 60  # decoded at a time, so that a long call needs little memory


class NotSound(ValueError):
    """The file can't be decoded, or holds no sound."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """A stretch that was silenced, and why."""

    from_ms: int
    to_ms: int
    why: str


@transaction.atomic
def attach_recording(
    *,
    interaction: Interaction,
    stream: BinaryIO,
    name: str,
    redactions: Sequence[Redaction] = (),
    by: By,
    now: datetime,
) -> Recording:
    """Store the sound of an interaction and draw its peaks; the first channel is the agent's.

    Raises NotSound for bytes that soundfile doesn't decode, files' TooLarge past 200 MB, IntegrityError when the
    interaction has a recording already.
    """
    stored = store_file(stream=stream, name=name, purpose=PURPOSE, by=by, now=now, limit=LIMIT)
    with open_file(stored) as sound:
        duration_ms, peaks = measure(sound)
    return Recording.objects.create(
        interaction=interaction,
        file=stored,
        duration_ms=duration_ms,
        peaks=peaks,
        redactions=[{"from_ms": one.from_ms, "to_ms": one.to_ms, "why": one.why} for one in redactions],
    )


def measure(sound: BinaryIO) -> tuple[int, dict[str, Any]]:
    """Length in milliseconds and peaks of a sound: 4 a second, 0..255 of full scale, one list a channel.

    A file with one channel has "agent" alone; channels beyond the second are left out. Raises NotSound.
    """
    try:
        with soundfile.SoundFile(sound) as file:
            step = max(1, file.samplerate // PER_SECOND)
            blocks = file.blocks(blocksize=step * PER_SECOND * BLOCK_SECONDS, dtype="int16", always_2d=True)
            parts = [_loudest(block, step) for block in blocks]
            duration_ms = round(file.frames / file.samplerate * 1000)
    except soundfile.LibsndfileError as error:
        raise NotSound(_("The file is no sound we can decode: %(why)s") % {"why": error}) from error
    if not parts or duration_ms < 1:
        raise NotSound(_("The file holds no sound."))
    loud = np.concatenate(parts)
    names = ("agent", "customer")[: loud.shape[1]]
    return duration_ms, {"per_second": PER_SECOND} | {name: loud[:, n].tolist() for n, name in enumerate(names)}


def _loudest(block: NDArray[np.int16], step: int) -> NDArray[np.int64]:
    """The loudest sample of each step and channel, scaled to 0..255; the last step may be short."""
    starts = np.arange(0, len(block), step)
    high = np.maximum.reduceat(block, starts, axis=0).astype(np.int64)
    low = np.minimum.reduceat(block, starts, axis=0).astype(np.int64)
    return np.maximum(high, -low).clip(max=32_767) * 255 // 32_767
