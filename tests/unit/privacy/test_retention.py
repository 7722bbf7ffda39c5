"""Terms in days and in months, to the day, over leap years and the ends of months."""

from datetime import UTC, date, datetime

import pytest

from bpo.data_classes import models_of
from bpo.privacy.declared import own
from bpo.privacy.domain.retention import TERMS, Term, cutoff, first_kept, terms_with


@pytest.mark.parametrize(
    ("term", "today", "kept"),
    [
        (Term(days=90), date(2026, 5, 30), date(2026, 3, 1)),
        (Term(days=1), date(2024, 3, 1), date(2024, 2, 29)),
        (Term(days=366), date(2025, 2, 28), date(2024, 2, 28)),
        (Term(months=13), date(2026, 3, 31), date(2025, 2, 28)),
        (Term(months=13), date(2025, 3, 29), date(2024, 2, 29)),
        (Term(months=24), date(2026, 2, 28), date(2024, 2, 28)),
        (Term(months=24), date(2024, 2, 29), date(2022, 2, 28)),
        (Term(months=12), date(2026, 12, 31), date(2025, 12, 31)),
    ],
)
def test_the_first_day_that_is_kept(term: Term, today: date, kept: date) -> None:
    assert first_kept(term, today) == kept


def test_the_day_begins_on_the_clients_clock() -> None:
    now = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert cutoff(Term(days=1), now, "UTC") == datetime(2026, 2, 28, tzinfo=UTC)
    assert cutoff(Term(days=1), now, "Asia/Manila") == datetime(2026, 2, 28, 16, tzinfo=UTC)


def test_a_contract_says_other_days_and_no_other_kinds() -> None:
    assert terms_with({"recordings": 30}) == {**TERMS, "recordings": Term(days=30)}
    with pytest.raises(ValueError, match="'sound' is no kind of data that has a term"):
        terms_with({"sound": 30})
    for wrong in ({}, {"days": 1, "months": 1}, {"days": -1}):
        with pytest.raises(ValueError, match="a term has days or months"):
            Term(**wrong)


def test_every_personal_model_with_a_term_says_from_when() -> None:
    kinds = set(TERMS) - {"audit"}  # the log is cut as a chain
    forgotten = [
        model._meta.label
        for model in models_of("client")
        if own(model).personal and own(model).retention in kinds and own(model).erasure != "keep"
        and not own(model).dated
    ]  # fmt: skip
    assert forgotten == []
