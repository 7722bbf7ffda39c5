"""Verbs of quality: publishing scorecards, filling the queue, scoring, releasing."""

from qa.services.publishing import publish_scorecard
from qa.services.queueing import claim, draw_sample, hand_back, heartbeat, queue_interaction, skip
from qa.services.releasing import acknowledge, release
from qa.services.scoring import add_note, remove_note, save_answer
from qa.services.submitting import submit, take_back

__all__ = [
    "acknowledge", "add_note", "claim", "draw_sample", "hand_back", "heartbeat", "publish_scorecard",
    "queue_interaction", "release", "remove_note", "save_answer", "skip", "submit", "take_back",
]  # fmt: skip
