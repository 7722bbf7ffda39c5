"""Sounds from outside made into sounds of our own: read in a process under limits, refused with a reason or rewritten."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from json import JSONDecodeError, loads
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.conf import settings
from django.utils.translation import gettext as _

from bpo.files.services import Readable, TooLarge, copy_bytes
from interactions import soundbox
from interactions.soundbox import Limits, Refused

STORED: Final = 1_000_000_000  # bytes of one sound as it is kept
FLAC: Final = "audio/flac"


class NotSound(ValueError):
    """A file that is not taken for a recording: what is wrong with it, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem} {remedy}")


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound rewritten: the file with it, the SHA-256 of what was sent, its form, length and peaks."""

    path: Path
    source_sha256: str
    form: str
    duration_ms: int
    peaks: dict[str, Any]

    def open(self) -> BinaryIO:
        return self.path.open("rb")


@contextmanager
def received(stream: Readable, *, trusted: bool = False) -> Iterator[Sound]:
    """A sound that somebody sent, as a file of our own for the block. Raises NotSound.

    What the product made itself is `trusted`: it is read in this process, which costs less and limits nothing.
    """
    with tempfile.TemporaryDirectory(prefix="sound-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "kept.flac"
        with source.open("wb") as file:
            digest = _copied(stream, file)
        told = _told(source, target, trusted=trusted)
        source.unlink()
        yield Sound(target, digest, told["form"], told["duration_ms"], told["peaks"])


def limits() -> Limits:
    return Limits(
        seconds=settings.MAX_RECORDING_MINUTES * 60,
        stored=STORED,
        memory=settings.SOUND_MEMORY_MB << 20,
        cpu=settings.SOUND_SECONDS,
    )


def _copied(stream: Readable, target: BinaryIO) -> str:
    try:
        return copy_bytes(stream, target, settings.MAX_RECORDING_BYTES)[0]
    except TooLarge as error:
        raise refusal("bytes", settings.MAX_RECORDING_BYTES) from error


def _told(source: Path, target: Path, *, trusted: bool) -> dict[str, Any]:
    rewrite = partial(soundbox.rewrite, limits=limits()) if trusted else _in_the_box
    try:
        return rewrite(source, target)
    except Refused as error:
        raise refusal(error.fault, error.figure) from error


def _in_the_box(source: Path, target: Path) -> dict[str, Any]:
    """The same in a process of its own. One that is killed, or out of memory or time, refuses the sound."""
    command = [sys.executable, "-m", "interactions.soundbox", str(source), str(target), soundbox.as_argument(limits())]
    try:
        done = subprocess.run(
            command, cwd=settings.ROOT, env={"OPENBLAS_NUM_THREADS": "1"}, capture_output=True, check=False,
            timeout=settings.SOUND_SECONDS * 2,
        )  # fmt: skip
        told: dict[str, Any] = loads(done.stdout)
    except (subprocess.TimeoutExpired, JSONDecodeError) as error:
        raise Refused("limits") from error
    if "fault" in told:
        raise Refused(told["fault"], told["figure"])
    return told


def refusal(fault: str, figure: int = 0) -> NotSound:
    """What a fault is in words: the problem and the remedy."""
    again = _("Export the recording again and send the new file.")
    told = {
        "empty": (_("The file is empty."), again),
        "unknown": (
            _("The content is no sound we know, whatever the file is called."),
            _("Send WAV, FLAC, MP3, or Ogg with Vorbis or Opus."),
        ),
        "truncated": (_("The sound breaks off before its end."), again),
        "foreign": (
            _("Beside the sound the file holds something else, from byte %(at)s on.") % {"at": figure},
            _("Send the sound alone: export it again from the recorder."),
        ),
        "unsupported": (
            _("The sound is packed in a way we don't take."),
            _("Send WAV, FLAC, MP3, or Ogg with Vorbis or Opus, with one stream of sound."),
        ),
        "undecodable": (_("The sound can't be decoded."), again),
        "channels": (
            _("The sound has %(n)s channels.") % {"n": figure},
            _("Send one channel, or two: the agent first, then the customer."),
        ),
        "rate": (
            _("The sound has %(n)s samples a second.") % {"n": figure},
            _("Send it with 4,000 to 96,000 samples a second."),
        ),
        "long": (
            _("The sound is longer than %(n)s minutes.") % {"n": settings.MAX_RECORDING_MINUTES},
            _("Split it into several recordings."),
        ),
        "silent": (_("The file holds no sound."), again),
        "bytes": (
            _("The file is larger than %(n)s bytes.") % {"n": settings.MAX_RECORDING_BYTES},
            _("Send it as MP3 or Opus, or split it."),
        ),
        "large": (
            _("The sound needs more than %(n)s bytes once unpacked.") % {"n": STORED},
            _("Send it with one channel or with fewer samples a second."),
        ),
    }
    limit = (_("The sound takes more memory or time to read than is allowed."), again)
    return NotSound(*told.get(fault, limit))
