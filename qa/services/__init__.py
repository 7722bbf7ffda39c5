"""Verbs of quality: writing and publishing scorecards, filling the queue, scoring, releasing, writing knowledge."""

from qa.services.coaching import give_note, reply, share_note, withdraw_note
from qa.services.drafting import (
    begin_draft,
    discard_draft,
    edit_draft,
    new_scorecard,
    replace_draft,
    undo_edit,
)
from qa.services.evidence import attach_evidence, detach_evidence, keep_snippet, mark
from qa.services.knowledge import (
    begin_article,
    draft_back,
    drop_draft,
    publish_article,
    put_back_article,
    save_draft,
    withdraw_article,
)
from qa.services.library import follow_template, take_template
from qa.services.publishing import (
    ask_publication,
    publish_draft,
    publish_scorecard,
    tell_publishers,
)
from qa.services.queueing import claim, hand_back, heartbeat, queue_interaction, skip, take_over
from qa.services.releasing import acknowledge, release
from qa.services.replaying import ask_replay, count_replay, fail_replay
from qa.services.sampling import change_plan, draw_for_plan, draw_sample, draw_weekly, make_plan, pause_plan
from qa.services.scoring import add_note, remove_note, save_answer
from qa.services.submitting import submit, take_back
from qa.services.targeting import queue_many, remove_filter, save_filter, take_out

__all__ = [
    "acknowledge",
    "add_note",
    "ask_publication",
    "ask_replay",
    "attach_evidence",
    "begin_article",
    "begin_draft",
    "change_plan",
    "claim",
    "count_replay",
    "detach_evidence",
    "discard_draft",
    "draft_back",
    "draw_for_plan",
    "draw_sample",
    "draw_weekly",
    "drop_draft",
    "edit_draft",
    "fail_replay",
    "follow_template",
    "give_note",
    "hand_back",
    "heartbeat",
    "keep_snippet",
    "make_plan",
    "mark",
    "new_scorecard",
    "pause_plan",
    "publish_article",
    "publish_draft",
    "publish_scorecard",
    "put_back_article",
    "queue_interaction",
    "queue_many",
    "release",
    "remove_filter",
    "remove_note",
    "replace_draft",
    "reply",
    "save_answer",
    "save_draft",
    "save_filter",
    "share_note",
    "skip",
    "submit",
    "take_back",
    "take_out",
    "take_over",
    "take_template",
    "tell_publishers",
    "undo_edit",
    "withdraw_article",
    "withdraw_note",
]  # fmt: skip
