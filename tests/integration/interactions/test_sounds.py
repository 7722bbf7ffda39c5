"""What is taken for a recording: told by its content, the whole of it, and written anew."""

import io
import resource
import signal
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from django.conf import settings
from django.test import override_settings

from interactions.domain.containers import NotIntact, form_of
from interactions.soundbox import Limits, as_argument
from interactions.sounds import NotSound, limits, received
from tests.integration.interactions.sounds import (
    HTML,
    PDF,
    RATE,
    SCRIPT,
    chunk,
    encoded,
    format_chunk,
    id3,
    riff,
    tone,
    zipped,
)

WHOLE = {
    "wav": encoded(tone()),
    "flac": encoded(tone(), "FLAC"),
    "ogg": encoded(tone(), "OGG"),
    "opus": encoded(tone(), "OGG", "OPUS"),
    "mp3": encoded(tone(), "MP3"),
}
ARCHIVE = zipped({"evil.html": HTML})


def taken(content: bytes) -> tuple[bytes, Any]:
    """The bytes that would be kept, and what was told of them."""
    with received(io.BytesIO(content)) as sound:
        return sound.path.read_bytes(), sound


@pytest.mark.parametrize("kind", WHOLE)
def test_each_kind_is_told_by_its_content_and_kept_as_our_own_flac(kind: str) -> None:
    kept, sound = taken(WHOLE[kind])
    assert sound.form == {"opus": "ogg"}.get(kind, kind)
    assert kept[:4] == b"fLaC"
    assert form_of(kept) == "flac"
    # MP3 and Opus have no length of their own: they come with the encoder's padding
    assert abs(sound.duration_ms - 3000) <= (150 if kind in ("mp3", "opus") else 0)
    samples, rate = soundfile.read(io.BytesIO(kept))
    assert samples.shape[1] == 2
    assert 0.4 < np.abs(samples[rate : 2 * rate]).max() < 0.6


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "ULAW", "ALAW"])
def test_every_usual_packing_of_wav_keeps_its_loudness(subtype: str) -> None:
    samples = soundfile.read(io.BytesIO(taken(encoded(tone(channels=1), "WAV", subtype))[0]))[0]
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.02)


def test_sixteen_bits_come_through_bit_by_bit() -> None:
    noise = np.random.default_rng(1).integers(-32_768, 32_768, (RATE * 25, 2), dtype=np.int16)
    kept = taken(encoded(noise))[0]
    assert np.array_equal(soundfile.read(io.BytesIO(kept), dtype="int16")[0], noise)


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def without_last_page(content: bytes) -> bytes:
    return content[: content.rindex(b"OggS")]


DATA = chunk(b"data", struct.pack("<h", 900) * RATE)
REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing at all": (b"", "empty"),
    "words": (b"this is no sound" * 50, "know"),
    "a page": (HTML, "know"),
    "a page called sound": (b"RIFF" + HTML, "know"),
    "a document": (PDF, "know"),
    "an archive": (ARCHIVE, "know"),
    "a picture in RIFF": (b"RIFF\x20\0\0\0WEBPVP8 " + b"\0" * 24, "know"),
    "zeros": (b"\0" * 5000, "know"),
    "a page before a WAV": (HTML + WHOLE["wav"], "know"),
    "a script before an MP3": (SCRIPT + WHOLE["mp3"], "know"),
    "a document before an Ogg": (PDF + WHOLE["ogg"], "know"),
    "a page after a WAV": (WHOLE["wav"] + HTML, "something else"),
    "an archive after a WAV": (WHOLE["wav"] + ARCHIVE, "something else"),
    "an archive after a FLAC": (WHOLE["flac"] + ARCHIVE, "something else"),
    "a script after a FLAC": (WHOLE["flac"] + SCRIPT, "something else"),
    "an archive after an Ogg": (WHOLE["ogg"] + ARCHIVE, "something else"),
    "a page after an Opus": (WHOLE["opus"] + HTML, "something else"),
    "a document after an MP3": (WHOLE["mp3"] + PDF, "something else"),
    "an archive after an MP3": (WHOLE["mp3"] + ARCHIVE, "something else"),
    "an Ogg after an Ogg": (WHOLE["ogg"] + WHOLE["ogg"], "way we don't take"),
    "a page inside an MP3": (WHOLE["mp3"][: len(WHOLE["mp3"]) // 2] + HTML + WHOLE["mp3"], "something else"),
    "a tag that ends nowhere": (id3(HTML)[:-20] , "breaks off"),
    "a tag alone": (id3(HTML), "breaks off"),
    "a WAV cut": (WHOLE["wav"][: len(WHOLE["wav"]) // 2], "breaks off"),
    "a WAV a byte short": (WHOLE["wav"][:-1], "breaks off"),
    "a FLAC cut": (WHOLE["flac"][: len(WHOLE["flac"]) // 2], "something else"),
    "a FLAC with its metadata alone": (WHOLE["flac"][:42], "breaks off"),
    "an Ogg cut": (WHOLE["ogg"][:-40], "breaks off"),
    "an Ogg without its end": (without_last_page(WHOLE["opus"]), "breaks off"),
    "an MP3 cut": (WHOLE["mp3"][:-30], "breaks off"),
    "a WAV that was never closed": (riff(format_chunk(), DATA, size=0xFFFFFFFF), "breaks off"),
    "a WAV without samples": (riff(format_chunk()), "way we don't take"),
    "a WAV with none in it": (riff(format_chunk(), chunk(b"data", b"")), "no sound"),
    "a WAV with two sounds": (riff(format_chunk(), DATA, DATA), "way we don't take"),
    "a WAV of an unknown packing": (riff(format_chunk(tag=0x7777), DATA), "can't be decoded"),
    "a WAV with a chunk past its end": (riff(format_chunk(), b"data" + struct.pack("<I", 10**9)), "breaks off"),
    "a WAV with six channels": (riff(format_chunk(channels=6), DATA), "6 channels"),
    "a WAV with a sample a second": (riff(format_chunk(rate=1), DATA), "1 samples a second"),
    "a WAV with a million a second": (riff(format_chunk(rate=1_000_000), DATA), "1000000 samples"),
    "a FLAC with a byte turned": (flipped(WHOLE["flac"], len(WHOLE["flac"]) - 30), "something else"),
    "an AIFF": (encoded(tone(), "AIFF"), "know"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_sound_or_more_than_one_is_refused_with_a_remedy(what: str) -> None:
    content, why = REFUSED[what]
    with pytest.raises(NotSound) as caught:
        taken(content)
    assert why in caught.value.problem
    assert caught.value.remedy.endswith(".")


CARRIERS = {
    "ID3 with a page": id3(HTML) + WHOLE["mp3"],
    "ID3 with an archive": id3(ARCHIVE) + WHOLE["mp3"],
    "two tags": id3(HTML) + id3(PDF) + WHOLE["mp3"],
    "ID3v1 at the end": WHOLE["mp3"] + b"TAG" + HTML.ljust(125, b"\0"),
    "a chunk with a page": riff(chunk(b"evil", HTML), format_chunk(), DATA, chunk(b"LIST", b"INFO" + HTML)),
    "a chunk with an archive": riff(format_chunk(), DATA, chunk(b"junk", ARCHIVE)),
    "a picture in a FLAC": WHOLE["flac"][:4]
    + bytes([WHOLE["flac"][4] & 0x7F])
    + WHOLE["flac"][5:42]
    + b"\x02"
    + len(b"eval" + HTML).to_bytes(3, "big")
    + b"eval"
    + HTML
    + WHOLE["flac"][42:],
}


@pytest.mark.parametrize("what", CARRIERS)
def test_what_tags_and_chunks_carry_is_left_behind(what: str) -> None:
    kept, sound = taken(CARRIERS[what])
    assert sound.duration_ms >= 1000
    for secret in (HTML[:20], b"alert", b"PK\x03\x04", b"PK\x05\x06", b"%PDF", b"INFO"):
        assert secret not in kept


def test_a_sound_past_the_limits_is_refused() -> None:
    with override_settings(MAX_RECORDING_BYTES=len(WHOLE["wav"])):
        assert taken(WHOLE["wav"])[1].duration_ms == 3000
        with pytest.raises(NotSound, match="larger than"):
            taken(WHOLE["wav"] + b"\0")
    with override_settings(MAX_RECORDING_MINUTES=1):
        assert taken(encoded(tone(60)))[1].duration_ms == 60_000
        with pytest.raises(NotSound, match="longer than 1 minutes"):
            taken(encoded(tone(60.1)))


@pytest.mark.parametrize("what", ["exec sleep 60", "kill -9 $$", "exit 1", "echo {"])
def test_a_decoder_that_hangs_or_dies_refuses_the_sound_and_no_more(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoder = tmp_path / "decoder"
    decoder.write_text(f"#!/bin/sh\nexec 2>&-\n{what}\n")
    decoder.chmod(0o700)
    with monkeypatch.context() as patch, override_settings(SOUND_SECONDS=0.5):
        patch.setattr("interactions.sounds.sys.executable", str(decoder))
        with pytest.raises(NotSound, match="more memory or time"):
            taken(WHOLE["wav"])
    assert taken(WHOLE["wav"])[1].duration_ms == 3000


def test_the_box_ends_who_computes_too_long() -> None:
    endless = "from interactions.soundbox import Limits, confine\nconfine(Limits(1, 1, 1 << 30, 1))\nwhile True: pass"
    done = subprocess.run([sys.executable, "-c", endless], cwd=settings.ROOT, check=False, timeout=60)
    assert -done.returncode in (signal.SIGXCPU, signal.SIGKILL)


LIMITS = Limits(seconds=4 * 3600, stored=10**9, memory=300 << 20, cpu=120)


def test_three_hours_are_read_in_bounded_memory(tmp_path: Path) -> None:
    """Three hours of stereo are 346 MB as 16-bit samples and 691 MB as the numbers they are decoded to."""
    assert limits().memory >= LIMITS.memory
    source, target = tmp_path / "long.wav", tmp_path / "kept.flac"
    minute = np.repeat(tone(60), 1, axis=0)
    with soundfile.SoundFile(source, "w", RATE, 2, format="WAV") as file:
        for _ in range(180):
            file.write(minute)
    measured = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    box = [sys.executable, "-m", "interactions.soundbox", str(source), str(target), as_argument(LIMITS)]
    done = subprocess.run(
        [sys.executable, "-c", measured, *box], cwd=settings.ROOT, capture_output=True, check=True, text=True
    )
    resident = int(done.stdout) * 1024 - source.stat().st_size  # the file itself is mapped, and shared with the cache
    assert resident < 100_000_000, resident
    assert soundfile.info(target).duration == 3 * 3600


def test_nothing_is_left_of_what_was_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of this test's own: what tests beside it look at right now is no leftover."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    used: list[Path] = []
    with received(io.BytesIO(WHOLE["wav"])) as sound:
        used.append(sound.path)
    with pytest.raises(NotSound):
        taken(b"words")
    assert used[0].is_relative_to(tmp_path), "the folder is looked at in vain"
    assert list(tmp_path.iterdir()) == []


def test_the_walk_names_the_first_byte_that_is_foreign() -> None:
    with pytest.raises(NotIntact) as caught:
        form_of(WHOLE["wav"] + HTML)
    assert (caught.value.fault, caught.value.at) == ("foreign", len(WHOLE["wav"]))
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY, "limits hold in the box alone"
