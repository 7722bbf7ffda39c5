from decimal import Decimal

from bpo.ratio import Ratio


def test_keeps_what_it_was_made_of() -> None:
    share = Ratio(280, 400)
    assert (share.num, share.den, share.value) == (280, 400, 0.7)


def test_has_no_value_over_nothing() -> None:
    assert Ratio(3, 0).value is None


def test_divides_money_exactly() -> None:
    assert Ratio(Decimal("0.3"), 3).value == 0.1
