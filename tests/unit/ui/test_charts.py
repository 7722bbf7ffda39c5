import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo.ui.charts import Axis, BarRow, Point, Step, draw_bars, draw_funnel, fit


def test_bars_start_at_zero_and_share_one_scale():
    drawn = draw_bars([BarRow("5", 368), BarRow("4", 184), BarRow("3", 0)])
    assert [bar.width for bar in drawn] == ["88.00%", "44.00%", "0.00%"]
    assert draw_bars([BarRow("none", 0)])[0].width == "0.00%"


def test_a_funnel_keeps_what_went_on_and_hatches_what_was_lost():
    first, last = draw_funnel([Step("Sent", 200, (("bounced", 50),)), Step("Delivered", 150)])
    assert (first.kept, first.lost_width, first.last) == ("75.00%", "25.00%", False)
    assert (last.kept, last.last) == ("75.00%", True)


def test_a_funnel_whose_losses_do_not_add_up_is_refused_by_name():
    with pytest.raises(ValueError, match="Sent: 200 less 49 is not 150"):
        draw_funnel([Step("Sent", 200, (("bounced", 49),)), Step("Delivered", 150)])


def test_an_axis_places_values_linearly_or_by_ratio():
    assert Axis(50, 100).place(75) == "50.00%"
    assert Axis(0.5, 2, ratio=True).place(1) == "50.00%"
    assert Axis(50, 100).place(40) == "0.00%"
    with pytest.raises(ValueError, match="no length"):
        Axis(5, 5).place(5)


def test_a_tick_under_the_references_label_is_not_named():
    axis = Axis(50, 100, (60, 80, 100), reference=82, reference_label="all 82")
    assert [label for _, label in axis.named_marks] == ["60", "100"]
    assert len(axis.marks) == 3


def test_a_line_lifts_its_pen_at_a_gap_and_its_band_breaks_there():
    series = fit([Point("a", 1, 0, 2), Point("b", 2, 1, 3), Point("c", None), Point("d", 2, 1, 3), Point("e", 1, 0, 2)])
    assert series.line.count("M") == 2
    assert series.band.count("Z") == 2
    assert series.last is not None
    assert series.last.label == "e"


def test_no_points_draw_nothing():
    series = fit([])
    assert (series.line, series.band, series.last, series.last_at) == ("", "", None, None)


@given(st.lists(st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda v: round(v, 6)), min_size=1, max_size=30))
def test_every_value_lies_inside_the_drawing(values):
    series = fit([Point("", value) for value in values])
    assert all(-1e-6 <= series.y(value) <= 100 + 1e-6 for value in values)
