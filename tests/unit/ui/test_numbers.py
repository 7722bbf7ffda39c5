from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import override_settings
from django.utils import translation

from bpo.ui.numbers import NARROW, Measure, duration, interval, number, percent, span


def test_a_number_is_grouped_and_rounded_half_up():
    assert number(18642) == "18,642"
    assert number(0.125, 2) == "0.13"
    assert number(Decimal("2.345"), 2) == "2.35"
    assert number(None) == "–"


def test_a_negative_number_has_a_true_minus_and_zero_has_no_sign():
    assert number(-4.86, 1) == "−4.9"
    assert number(3.3, 1, sign=True) == "+3.3"
    assert number(-0.04, 1, sign=True) == "0.0"


def test_a_share_is_written_with_a_narrow_space_before_the_sign():
    assert percent(505 / 604) == f"83.6{NARROW}%"
    assert percent(0.079, 0) == f"8{NARROW}%"
    assert percent(None) == "–"


@override_settings(LANGUAGES=[("en", "English"), ("de", "Deutsch"), ("pl", "Polski")])
def test_numbers_follow_the_language():
    with translation.override("de"):
        assert number(18642.5, 1) == "18.642,5"
        assert percent(0.836) == f"83,6{NARROW}%"
    with translation.override("pl"):
        assert number(18642) == "18\xa0642"


def test_an_interval_below_zero_says_to_instead_of_a_dash():
    assert interval(80.4, 86.3) == "80.4–86.3"
    assert interval(-4.9, 3.3) == "−4.9 to +3.3"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (521, "8:41"),
        (0, "0:00"),
        (4512, "1:15:12"),
        (59.6, "1:00"),
        (-15, "−0:15"),
        (None, "–"),
        (timedelta(hours=26), "26:00:00"),
    ],
)
def test_a_duration_reads_as_a_clock(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (5580, "1 h 33 min"),
        (40, "40 s"),
        (0, "0 s"),
        (130, "2 min 10 s"),
        (187_200, "2 days 4 h"),
        (86_400, "1 day"),
        (None, "–"),
    ],
)
def test_a_span_keeps_its_two_largest_units(seconds, text):
    assert span(seconds) == text


def test_a_measure_says_what_it_is_made_of_and_how_sure_it_is():
    measure = Measure(505 / 604, 505, 604, 0.804, 0.863)
    assert measure.figure == f"83.6{NARROW}%"
    assert measure.basis == f"505 of 604, 95{NARROW}% 80.4–86.3"
    assert Measure(86.2, n=44, low=83.6, high=88.8, unit="").basis == f"n = 44, 95{NARROW}% 83.6–88.8"
    assert Measure(412, n=4712, unit="s", digits=0).figure == f"412{NARROW}s"


@pytest.mark.parametrize("measure", [Measure(2 / 3, 2, 3), Measure(None, 0, 3), Measure(50.0, n=3, unit="")])
def test_too_few_is_a_dash_with_its_reason_and_never_a_zero(measure):
    assert measure.too_few
    assert measure.figure == "–"
    assert measure.basis == "n = 3, needs 5"
