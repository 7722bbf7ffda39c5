"""Recordings: kept by content, with peaks that follow the sound channel by channel."""

import io
from typing import Any

import numpy as np
import pytest
import soundfile
from django.utils import timezone

from bpo.actors import system
from bpo.tenancy.context import enter
from interactions.models import Interaction, Queue, Recording
from interactions.voice import NotSound, Redaction, attach_recording, measure


def sound(samples: Any, *, form: str = "FLAC", rate: int = 8000) -> io.BytesIO:
    target = io.BytesIO()
    soundfile.write(target, samples, rate, format=form)
    target.seek(0)
    return target


def two_turns() -> Any:
    """The agent for one second at half loudness, silence, then the customer at full."""
    samples = np.zeros((8000 * 3, 2))
    samples[:8000, 0] = 0.5
    samples[16_000:, 1] = -0.999
    return samples


@pytest.mark.parametrize("form", ["FLAC", "WAV", "OGG"])
def test_peaks_follow_each_channel(form: str) -> None:
    milliseconds, peaks = measure(sound(two_turns(), form=form))
    assert milliseconds == 3000
    assert peaks["per_second"] == 4
    near = 12 if form == "OGG" else 1  # Vorbis rings
    assert np.allclose(peaks["agent"], [128] * 4 + [0] * 8, atol=near + 20 * (form == "OGG"))
    assert np.allclose(peaks["customer"], [0] * 8 + [254] * 4, atol=near + 20 * (form == "OGG"))


def test_one_channel_is_the_agents() -> None:
    _, peaks = measure(sound(np.full(8100, 0.25)))
    assert set(peaks) == {"per_second", "agent"}
    assert len(peaks["agent"]) == 5  # the last step is short


def test_blocks_join_without_a_seam() -> None:
    samples = np.zeros(8000 * 130)
    samples[8000 * 60 - 1] = 0.5
    samples[8000 * 120] = 0.5
    _, peaks = measure(sound(samples))
    assert np.flatnonzero(peaks["agent"]).tolist() == [239, 480]


@pytest.mark.parametrize("content", [b"", b"not a sound at all", b"fLaC\x00\x00"])
def test_what_is_no_sound_is_refused(content: bytes) -> None:
    with pytest.raises(NotSound):
        measure(io.BytesIO(content))


def test_a_recording_is_attached_once_and_says_what_was_removed(alpha: Any) -> None:
    now = timezone.now()
    with enter(alpha.ref()):
        queue = Queue.objects.create(key="q", name="Queue")
        call = Interaction.objects.create(
            source="t", external_id="1", queue=queue, started_at=now, business_date=now.date(), zone="UTC"
        )
        cut = (Redaction(1000, 2000, "card number removed"),)
        attach_recording(
            interaction=call, stream=sound(two_turns()), name="c.flac", redactions=cut, by=system("t"), now=now
        )
        kept = Recording.objects.select_related("file").get()
        assert kept.duration_ms == 3000
        assert kept.redactions == [{"from_ms": 1000, "to_ms": 2000, "why": "card number removed"}]
        assert (kept.file.content_type, kept.file.purpose) == ("audio/flac", "recording")
        with pytest.raises(NotSound):
            attach_recording(interaction=call, stream=io.BytesIO(b"words"), name="c.flac", by=system("t"), now=now)
        assert Recording.objects.count() == 1
