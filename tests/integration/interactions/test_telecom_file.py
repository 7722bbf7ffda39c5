"""The telecom file through the command: every row accounted for, twice changes nothing, figures equal to a plain loop."""

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from bpo.tenancy.context import enter
from interactions.models import Case, Interaction, Resolution
from surveys.api import as_json
from surveys.figures import figures
from surveys.forms import PeriodForm
from surveys.models import Candidate
from tests.telecom import MAPPING, counted, telecom_file


def run(source: Path) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import_interactions", source, client="alpha", mapping=MAPPING, json=True, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_every_row_is_accounted_for_and_the_second_time_changes_nothing(alpha: Any, tmp_path: Path) -> None:
    source = telecom_file(tmp_path)
    plain = counted(source)
    first, second = run(source), run(source)
    assert first == {"file_rows": plain.rows, "created": plain.rows, "updated": 0, "unchanged": 0, "rejected": []}
    assert second == {"file_rows": plain.rows, "created": 0, "updated": 0, "unchanged": plain.rows, "rejected": []}
    with enter(alpha.ref()):
        assert Interaction.objects.count() == plain.rows
        assert Case.objects.count() == Interaction.objects.filter(abandoned=False).count() == plain.answered
        assert Resolution.objects.count() == Candidate.objects.count() == plain.resolved
        form = PeriodForm({})
        assert form.is_valid()
        found = as_json(figures(form.period, timezone.now()), every=True)
    ratings = found["source_ratings"]
    assert (ratings["num"], ratings["den"], ratings["value"]) == (plain.good, plain.rated, plain.good / plain.rated)
    assert ratings["counts"] == {str(score): plain.ratings[score] for score in range(1, 6)}
    assert found["survey"]["den"] == 0, "a rating that came with the file is no survey answer"
