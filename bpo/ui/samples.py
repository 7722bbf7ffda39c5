"""Invented figures for the component gallery; they add up, as the real ones must."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator

from bpo.ui.charts import Axis, BarRow, Point, Step
from bpo.ui.context import COLOURS, SwitchTo, colour_class
from bpo.ui.icons import NAMES
from bpo.ui.numbers import Measure

NOW = datetime(2026, 11, 23, 14, 12, tzinfo=UTC)
WEEK = tuple(
    Point(f"wk {35 + i}", value, value - 6, value + 5)
    for i, value in enumerate((83.0, 85.1, 82.0, 84.2, 83.7, 84.6, 83.0, 83.5, 84.4, 82.6, 83.3, 82.2, 82.1))
)
FUNNEL = (
    Step("Handled interactions", 18642, (("no consent", 1206), ("asked not long ago", 1874), ("internal", 358))),
    Step("Eligible", 15204, (("not drawn, 1 in 5 by keyed hash", 12163),)),
    Step("Drawn", 3041, (("too late, quiet hours", 41), ("unsubscribed or suppressed", 32))),
    Step("Sent", 2968, (("bounced", 84), ("uncertain, never sent twice", 13))),
    Step("Delivered", 2871, (("no answer", 2259),)),
    Step("Answered", 612, (("scanner, no vote", 5), ("earlier vote replaced", 3))),
    Step("Counted", 604),
)
SCORES = (
    BarRow("5", 368, 368 / 604, "accent"),
    BarRow("4", 137, 137 / 604, "accent"),
    BarRow("3", 45, 45 / 604),
    BarRow("2", 24, 24 / 604),
    BarRow("1", 30, 30 / 604),
)
AXIS = Axis(55, 102, (60, 70, 80, 90, 100), reference=83.6, reference_label="all 83.6")
GROUPS = (
    ("Contract questions", 90.8, 83.5, 95.1, "89 of 98", True, "higher than the rest by 8.6 points, 2.0–15.2"),
    ("Payments", 85.8, 79.7, 90.3, "145 of 169", False, ""),
    ("Invoice explained", 83.9, 78.7, 88.0, "198 of 236", False, ""),
    ("Refund or double charge", 69.1, 58.4, 78.1, "56 of 81", True, "lower than the rest by 16.7 points, 6.2–27.2"),
    ("Porting a number", None, 0, 0, "n = 3, needs 5", False, ""),
)
CSAT = Measure(
    505 / 604,
    505,
    604,
    0.804,
    0.863,
    code="CS-1",
    change="No clear change from the four weeks before",
    change_detail="(84.4 %, difference −4.9 to +3.3)",
)
PEOPLE = (
    ("Maricel Santos", "82.4", "118"),
    ("Venkata Satyanarayana Subrahmanyam Gollapudi-Wiśniewska", "79.0", "104"),
    ("Agnieszka Wiśniewska-Kowalczyk", "81.1", "97"),
    ("Rodel Villanueva", "–", "3, needs 5"),
)
MERGE = (
    {"key": "start", "label": "Start", "before": "09:00", "theirs": "10:00", "mine": "10:30", "conflict": True},
    {"key": "end", "label": "End", "before": "18:00", "theirs": "same", "mine": "19:30", "result": "19:30"},
    {"key": "note", "label": "Note", "before": "none", "theirs": "bus at 8", "mine": "same", "result": "bus at 8"},
)


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", initial="Billing EN", help_text="As people say it.")
    start = forms.CharField(label="End of shift, Manila")
    rate = forms.DecimalField(label="With unit and range", initial="1.0")
    zone = forms.ChoiceField(label="Zone", choices=[("Asia/Manila", "Manila"), ("Europe/Warsaw", "Warsaw")])
    view = forms.ChoiceField(
        label="Choice", choices=[("w", "Week"), ("d", "Day")], widget=forms.RadioSelect, initial="w"
    )
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label="Send to the client too", required=False)

    def clean_start(self) -> str:
        raise forms.ValidationError(
            "“25:30” is not a time. For half past one at night write 01:30; it counts for Tuesday."
        )


def everything() -> dict[str, Any]:
    """The gallery's context."""
    bound = SampleForm({"name": "Billing EN", "start": "25:30", "rate": "1.0", "zone": "Asia/Manila", "view": "w"})
    bound.is_valid()
    return {
        "colours": [colour_class(n) for n in range(1, COLOURS + 1)],
        "icons": NAMES,
        "csat": CSAT,
        "few": Measure(2 / 3, 2, 3),
        "mean": Measure(86.2, n=44, low=83.6, high=88.8, unit="", code="QA-3"),
        "scores": SCORES,
        "funnel_steps": FUNNEL,
        "axis": AXIS,
        "groups": GROUPS,
        "weeks": WEEK,
        "form": bound,
        "people": PEOPLE,
        "densities": ("28", "36", "44"),
        "merge_rows": MERGE,
        "page_of_calls": Paginator(range(10_000), 50).page(2),
        "switch_to": SwitchTo("Norvik Telecom", "/", "client-c1"),
        "moment": NOW,
        "site": SimpleNamespace(zone="Asia/Manila"),
    }
