"""A sound that came from outside, read in a process of its own under limits, and written anew.

`python -m interactions.soundbox SOURCE TARGET LIMITS` says on its standard output what it found, as JSON. What is kept
is the file written here, whose every byte is ours: no tag, chunk or trailer of the source comes along (ADR 32). Django
isn't loaded, so that a file costs a fraction of a second; a crash of the decoder ends this process and no other.
"""

import json
import mmap
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from interactions.domain.containers import Form, NotIntact, form_of
from interactions.domain.peaks import Peaks

BLOCK_SECONDS: Final = 10  # decoded at a time
FORMATS: Final[dict[Form, tuple[str, ...]]] = {
    "wav": ("WAV", "WAVEX"), "flac": ("FLAC",), "ogg": ("OGG",), "mp3": ("MP3", "MPEG"),
}  # fmt: skip
RATES: Final = (4_000, 96_000)  # samples a second, the fewest and the most
CHANNELS: Final = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one sound may take."""

    seconds: int  # of sound
    stored: int  # bytes written
    memory: int  # bytes of address space, beside the source itself, which is mapped
    cpu: int  # seconds


class Refused(ValueError):
    """The sound can't be taken: a fault by name, and the figure it is about."""

    def __init__(self, fault: str, figure: int = 0) -> None:
        self.fault, self.figure = fault, figure
        super().__init__(fault)


def rewrite(source: Path, target: Path, limits: Limits) -> dict[str, Any]:
    """Read a sound to its end and write it as FLAC; its form, length in milliseconds and peaks. Raises Refused."""
    form = _checked(source)
    import soundfile  # here, so that its memory counts against the limits

    try:
        with soundfile.SoundFile(source) as found:
            _within(found, form, limits)
            return {"form": form} | _written(found, target, limits)
    except soundfile.LibsndfileError as error:
        raise Refused("undecodable") from error


def _checked(source: Path) -> Form:
    if source.stat().st_size == 0:
        raise Refused("empty")
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            return form_of(data)
        except NotIntact as error:
            raise Refused(error.fault, error.at) from error


def _within(found: Any, form: Form, limits: Limits) -> None:
    if found.format not in FORMATS[form]:
        raise Refused("unsupported")
    if found.channels > CHANNELS:
        raise Refused("channels", found.channels)
    if not RATES[0] <= found.samplerate <= RATES[1]:
        raise Refused("rate", found.samplerate)
    if found.frames > limits.seconds * found.samplerate:
        raise Refused("long", limits.seconds // 60)


def _written(found: Any, target: Path, limits: Limits) -> dict[str, Any]:
    import soundfile

    peaks, frames, rate = Peaks(found.samplerate, found.channels), 0, found.samplerate
    how = {"samplerate": rate, "channels": found.channels, "format": "FLAC", "subtype": "PCM_16"}
    with soundfile.SoundFile(target, "w", **how) as kept:
        for block in blocks(found):
            frames += len(block)
            if frames > limits.seconds * rate:
                raise Refused("long", limits.seconds // 60)
            kept.write(block)
            peaks.add(block)
            if target.stat().st_size > limits.stored:
                raise Refused("large", limits.stored)
    if frames < found.frames:
        raise Refused("truncated")
    if frames * 1000 < rate:
        raise Refused("silent")
    return {"duration_ms": max(round(frames * 1000 / rate), 1), "peaks": peaks.as_dict()}


def blocks(found: Any) -> Iterator[Any]:
    """Whole seconds of samples as integers of 16 bits, a few at a time; what is no number or too loud is cut off."""
    import numpy as np

    while len(block := found.read(found.samplerate * BLOCK_SECONDS, dtype="float32", always_2d=True)):
        loud = np.nan_to_num(block, nan=0.0, posinf=1.0, neginf=-1.0) * np.float32(32_768)
        yield np.clip(np.rint(loud), -32_768, 32_767).astype(np.int16)


def confine(limits: Limits) -> None:
    """Limit this process for good: memory, time, the size of what it writes; no core is dumped."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_FSIZE, limits.stored + (1 << 20)),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main(source: str, target: str, limits: str) -> None:
    given = Limits(**json.loads(limits))
    confine(replace(given, memory=given.memory + Path(source).stat().st_size))
    try:
        told = rewrite(Path(source), Path(target), given)
    except Refused as error:
        told = {"fault": error.fault, "figure": error.figure}
    except MemoryError:
        told = {"fault": "memory", "figure": 0}
    sys.stdout.write(json.dumps(told))


def as_argument(limits: Limits) -> str:
    return json.dumps(asdict(limits))


if __name__ == "__main__":
    main(*sys.argv[1:4])
