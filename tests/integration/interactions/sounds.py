"""Sounds for tests, whole and hostile, and an interaction to hang them on."""

import io
import struct
import zipfile
from datetime import datetime
from typing import Any

import numpy as np
import soundfile

from interactions.models import Actor, Interaction, Queue

RATE = 8000


def tone(seconds: float = 3.0, *, channels: int = 2, rate: int = RATE, hertz: float = 440.0) -> Any:
    """A tone at half loudness in every channel."""
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)
    return np.repeat(wave[:, None], channels, axis=1)


def encoded(samples: Any, form: str = "WAV", subtype: str | None = None, *, rate: int = RATE) -> bytes:
    target = io.BytesIO()
    soundfile.write(target, samples, rate, format=form, subtype=subtype)
    return target.getvalue()


def zipped(members: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def call(now: datetime, number: str = "call-1", *, agent: Actor | None = None, **more: Any) -> Interaction:
    queue = Queue.objects.get_or_create(key="billing", defaults={"name": "Billing EN"})[0]
    values = {"source": "acd", "started_at": now, "business_date": now.date(), "zone": "UTC", "queue": queue}
    return Interaction.objects.create(**values | {"external_id": number, "agent": agent} | more)


HTML = b"<!doctype html><script>alert(document.domain)</script>"
PDF = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF\n"
SCRIPT = b"#!/bin/sh\nid\n"


def id3(content: bytes) -> bytes:
    size = len(content)
    return b"ID3\x03\x00\x00" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + content


def chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def riff(*chunks: bytes, size: int | None = None) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


def format_chunk(*, channels: int = 1, rate: int = RATE, bits: int = 16, tag: int = 1) -> bytes:
    step = channels * bits // 8
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, channels, rate, rate * step, step, bits))
