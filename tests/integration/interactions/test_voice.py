"""Recordings: kept by content, with peaks that follow the sound channel by channel, and silenced where they have to be."""

import io
from typing import Any

import numpy as np
import psycopg
import pytest
import soundfile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from bpo.actors import system
from bpo.audit.models import Entry
from bpo.files.models import StoredFile
from bpo.files.services import path_of
from bpo.tenancy.context import enter
from interactions.domain.peaks import Peaks
from interactions.domain.spans import Span
from interactions.errors import NotPossible
from interactions.models import Interaction, Recording
from interactions.sounds import NotSound, received
from interactions.voice import add_recording, redact, render_copy
from tests.integration.interactions.sounds import RATE, call, encoded, tone

BY = system("t")
pytestmark = pytest.mark.usefixtures("own_files")


def peaks_of(samples: Any, form: str = "FLAC", rate: int = RATE) -> tuple[int, dict[str, Any]]:
    with received(io.BytesIO(encoded(samples, form, rate=rate)), trusted=True) as sound:
        return sound.duration_ms, sound.peaks


def two_turns() -> Any:
    """The agent for one second at half loudness, silence, then the customer at full."""
    samples = np.zeros((8000 * 3, 2))
    samples[:8000, 0] = 0.5
    samples[16_000:, 1] = -0.999
    return samples


@pytest.mark.parametrize("form", ["FLAC", "WAV", "OGG"])
def test_peaks_follow_each_channel(form: str) -> None:
    milliseconds, peaks = peaks_of(two_turns(), form)
    assert milliseconds == 3000
    assert peaks["per_second"] == 4
    near = 12 if form == "OGG" else 1  # Vorbis rings
    assert np.allclose(peaks["agent"], [128] * 4 + [0] * 8, atol=near + 20 * (form == "OGG"))
    assert np.allclose(peaks["customer"], [0] * 8 + [254] * 4, atol=near + 20 * (form == "OGG"))


def test_one_channel_is_the_agents() -> None:
    _, peaks = peaks_of(np.full(8100, 0.25))
    assert set(peaks) == {"per_second", "agent"}
    assert len(peaks["agent"]) == 5  # the last step is short


def test_blocks_join_without_a_seam() -> None:
    samples = np.zeros(8000 * 130)
    samples[8000 * 60 - 1] = 0.5
    samples[8000 * 120] = 0.5
    _, peaks = peaks_of(samples)
    assert np.flatnonzero(peaks["agent"]).tolist() == [239, 480]


def test_a_rate_that_four_does_not_divide_keeps_in_step() -> None:
    samples = np.zeros(11_025 * 1800)
    samples[11_025 * 1799] = 0.5  # half an hour on: a step of 2,756 samples would be a second late by then
    _, peaks = peaks_of(samples, rate=11_025)
    assert np.flatnonzero(peaks["agent"]).tolist() == [1799 * 4]
    assert len(peaks["agent"]) == 1800 * 4
    assert Peaks(8000, 2).as_dict() == {"per_second": 4, "agent": [], "customer": []}


def add(one: Interaction, samples: Any = None, *, name: str = "call.wav", **more: Any) -> Recording:
    content = encoded(tone() if samples is None else samples)
    return add_recording(interaction=one, stream=io.BytesIO(content), name=name, by=BY, now=timezone.now(), **more)


def test_a_recording_is_added_once_and_what_is_no_sound_never(alpha: Any) -> None:
    now = timezone.now()
    with enter(alpha.ref()):
        one, other = call(now), call(now, "call-2")
        made = add(one)
        assert (made.duration_ms, made.file.content_type, made.file.purpose) == (3000, "audio/flac", "recording")
        assert path_of(made.file).read_bytes()[:4] == b"fLaC"
        with pytest.raises(NotPossible, match="has a recording already"):
            add(one, tone(1))
        with pytest.raises(NotSound):
            add_recording(interaction=other, stream=io.BytesIO(b"words"), name="c.wav", by=BY, now=now)
        assert Recording.objects.count() == StoredFile.objects.count() == 1
        line = Entry.objects.get(action="recording.added")
        assert (line.target_id, line.detail["source"]) == (str(made.pk), "wav")


HOSTILE = {
    "../../../etc/passwd": "passwd",
    "..\\..\\windows\\system32\\call.wav": "call.wav",
    "/abs/olute.wav": "olute.wav",
    "call\x00.wav": "call.wav",
    "call\r\nX-Evil: 1.wav": "callX-Evil: 1.wav",
    "annex\u202egpj.wav": "annexgpj.wav",
    "zero\u200bwidth\ufeff.wav": "zerowidth.wav",
    "\x1b[31mred.wav": "[31mred.wav",
    "x" * 300 + ".wav": "x" * 255,
    "..": "file",
    "": "file",
    "<script>alert(1)</script>.wav": "script>.wav",
    "Ångström è.wav": "Ångström è.wav",
}


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_kept_harmless_and_is_no_part_of_a_path(alpha: Any, name: str) -> None:
    with enter(alpha.ref()):
        made = add(call(timezone.now()), tone(0.5), name=name)
        assert made.file.name == HOSTILE[name]
        assert path_of(made.file).name == made.file.sha256


def test_the_copy_is_silent_in_both_channels_and_the_rest_is_as_it_was(alpha: Any) -> None:
    now = timezone.now()
    with enter(alpha.ref()):
        made = add(call(now), tone(25))
        original = path_of(made.file).read_bytes()
        spans = [Span(9_500, 10_500, "identity"), Span(10_000, 12_000, "health")]
        redact(recording_id=made.pk, spans=spans, number=0, by=BY, now=now)
        render_copy(recording_id=made.pk, by=BY, now=now)
        kept = Recording.objects.select_related("file", "redacted_file").get()
        assert kept.redacted_file is not None
        copy = path_of(kept.redacted_file).read_bytes()
        assert path_of(kept.file).read_bytes() == original
    before, after = (soundfile.read(io.BytesIO(one), dtype="int16")[0] for one in (original, copy))
    cut = slice(9_500 * 8, 12_000 * 8)
    assert np.abs(before[cut]).max() > 10_000
    assert not after[cut].any()
    assert np.array_equal(before[: cut.start], after[: cut.start])
    assert np.array_equal(before[cut.stop :], after[cut.stop :])


def test_another_span_makes_another_copy_and_the_last_one_goes(alpha: Any) -> None:
    now = timezone.now()
    with enter(alpha.ref()):
        made = add(call(now))
        redact(recording_id=made.pk, spans=[Span(0, 500)], number=0, by=BY, now=now)
        render_copy(recording_id=made.pk, by=BY, now=now)
        first = Recording.objects.select_related("redacted_file").get().redacted_file
        assert first is not None
        with pytest.raises(NotPossible, match="Somebody else changed"):
            redact(recording_id=made.pk, spans=[], number=0, by=BY, now=now)
        redact(recording_id=made.pk, spans=[Span(0, 500), Span(1000, 1500)], number=1, by=BY, now=now)
        waits = Recording.objects.get()
        assert (waits.spans_number, waits.redacted_number) == (2, 1)
        render_copy(recording_id=made.pk, by=BY, now=now)
        render_copy(recording_id=made.pk, by=BY, now=now)
        second = Recording.objects.select_related("file", "redacted_file").get()
        assert (second.spans_number, second.redacted_number, second.unwanted) == (2, 2, "")
        assert second.redacted_file is not None
        assert not path_of(first).exists()
        assert path_of(second.redacted_file).exists()
        redact(recording_id=made.pk, spans=[], number=2, by=BY, now=now)
        render_copy(recording_id=made.pk, by=BY, now=now)
        assert not path_of(second.redacted_file).exists()
        assert path_of(second.file).exists()
        assert Recording.objects.get().redacted_file is None
        assert [len(line.detail["spans"]) for line in Entry.objects.filter(action="recording.redacted").order_by("seq")] == [
            1, 2, 0,
        ]  # fmt: skip


def test_where_a_card_number_was_said_the_original_is_destroyed_and_stays_so(alpha: Any) -> None:
    now = timezone.now()
    with enter(alpha.ref()):
        made = add(call(now))
        card = Span(1000, 2000, "card")
        redact(recording_id=made.pk, spans=[card], number=0, by=BY, now=now)
        assert path_of(made.file).exists()
        render_copy(recording_id=made.pk, by=BY, now=now)
        assert not path_of(made.file).exists()
        kept = Recording.objects.select_related("file").get()
        assert kept.file_id == kept.redacted_file_id
        assert kept.original_gone_at == now
        assert not soundfile.read(path_of(kept.file))[0][8000:16_000].any()
        with pytest.raises(NotPossible, match="stays silent"):
            redact(recording_id=made.pk, spans=[], number=1, by=BY, now=now)
        redact(recording_id=made.pk, spans=[card, Span(0, 100, "other")], number=1, by=BY, now=now)
        render_copy(recording_id=made.pk, by=BY, now=now)
        again = Recording.objects.select_related("file").get()
        assert again.file_id == again.redacted_file_id != kept.file_id
        assert not path_of(kept.file).exists()
        assert path_of(again.file).exists()
        assert Entry.objects.filter(action="recording.original_destroyed").count() == 2


def test_bytes_that_another_interaction_plays_stay(alpha: Any) -> None:
    now = timezone.now()
    with enter(alpha.ref()):
        made, twin = add(call(now)), add(call(now, "call-2"))
        assert made.file.sha256 == twin.file.sha256
        redact(recording_id=made.pk, spans=[Span(0, 900, "card")], number=0, by=BY, now=now)
        render_copy(recording_id=made.pk, by=BY, now=now)
        assert path_of(twin.file).exists()


def test_a_copy_that_a_crash_left_half_done_is_finished(alpha: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    with enter(alpha.ref()):
        made = add(call(now))
        redact(recording_id=made.pk, spans=[Span(0, 900, "card")], number=0, by=BY, now=now)

        def die(_digest: str) -> None:
            raise OSError("killed")

        with monkeypatch.context() as patched, pytest.raises(OSError, match="killed"):
            patched.setattr("interactions.voice.delete_bytes", die)
            render_copy(recording_id=made.pk, by=BY, now=now)
        assert path_of(made.file).exists()
        assert Recording.objects.get().unwanted == made.file.sha256
        render_copy(recording_id=made.pk, by=BY, now=now)
        assert not path_of(made.file).exists()


SPANS = {
    "before": '[{"from_ms": -1, "to_ms": 5}]',
    "after": '[{"from_ms": 0, "to_ms": 3001}]',
    "empty": '[{"from_ms": 5, "to_ms": 5}]',
    "backwards": '[{"from_ms": 9, "to_ms": 5}]',
    "endless": '[{"from_ms": 9}]',
    "words": '[{"from_ms": "0", "to_ms": "5"}]',
    "one of two": '[{"from_ms": 0, "to_ms": 5}, {"from_ms": 0, "to_ms": 9999}]',
    "nested": '[[{"from_ms": 0, "to_ms": 5}]]',
}


@pytest.mark.parametrize("what", SPANS)
def test_the_database_takes_no_span_outside_the_sound(alpha: Any, what: str) -> None:
    now = timezone.now()
    with enter(alpha.ref()):
        made = add(call(now))
        with pytest.raises(IntegrityError, match="recording_spans_lie_inside"), transaction.atomic():
            _sql("UPDATE interactions_recording SET redactions = %s::jsonb", SPANS[what])
        _sql("UPDATE interactions_recording SET redactions = %s::jsonb", '[{"from_ms": 0, "to_ms": 3000}]')
        for bad in ([Span(-1, 5)], [Span(0, 3001)], [Span(5, 5)]):
            with pytest.raises(NotPossible, match="does not lie inside"):
                redact(recording_id=made.pk, spans=bad, number=0, by=BY, now=now)


RULES = {
    "recording_copy_is_of_a_change": "UPDATE interactions_recording SET redacted_number = 0",
    "recording_gone_has_a_copy": "UPDATE interactions_recording SET original_gone_at = now()",
    "interaction_consent_is_known": "UPDATE interactions_interaction SET consent = 'perhaps'",
}


@pytest.mark.parametrize("rule", RULES)
def test_the_database_keeps_the_rest(alpha: Any, rule: str) -> None:
    with enter(alpha.ref()):
        add(call(timezone.now()), tone(0.5))
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            _sql(RULES[rule])
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            _sql("UPDATE files_storedfile SET sha256 = sha256")
        assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def _sql(statement: str, *values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
