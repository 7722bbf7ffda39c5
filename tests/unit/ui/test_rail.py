import pytest
from django.urls import NoReverseMatch, resolve, reverse

from bpo.permissions import OpenToAll, Permission, stamp_of
from bpo.roles import ROLES
from bpo.ui.context import WIDEST_FIRST, colour_class, leading_role
from bpo.ui.rail import MOST, entries, rail_for, with_active, with_badges

CLIENT_URLS = "bpo.urls_client"


def everywhere(url_name):
    return f"/{url_name.replace(':', '/')}/"


def nowhere(url_name):
    raise NoReverseMatch(url_name)


def test_a_place_that_is_not_built_is_left_out():
    assert rail_for("team_lead", "client", resolve=nowhere) == []

    def only_the_queue(url_name):
        return "/queue/" if url_name == "qa:queue" else nowhere(url_name)

    assert [(e.label, e.url) for e in rail_for("team_lead", "client", resolve=only_the_queue)] == [("Queue", "/queue/")]


@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_rail_is_longer_than_six_and_every_role_is_ordered(role):
    for kind in ("client", "operator"):
        assert len(rail_for(role, kind, resolve=everywhere)) <= MOST
    assert role in WIDEST_FIRST


def test_an_unknown_role_or_host_has_no_rail():
    assert entries("", "client") == ()
    assert entries("agent", "operator") == ()


def test_the_longest_matching_place_is_the_active_one():
    rail = with_active(rail_for("planner", "client", resolve=everywhere), "/scheduling/board/2026-11-23/")
    assert [str(e.label) for e in rail if e.active] == ["Board"]
    assert not any(e.active for e in with_active(rail, "/scheduling/"))


@pytest.mark.parametrize(
    ("role", "places"),
    [
        ("operator_admin", {"qa:queue", "interactions:list", "imports:list", "reports:latest", "audit:log"}),
        ("qa_analyst", {"qa:queue", "qa:scorecards"}),
        ("team_lead", {"qa:queue", "reports:latest"}),
    ],
)
def test_who_may_score_finds_the_reviews_among_their_places(role, places):
    shown = {entry.url_name for entry in rail_for(role, "client", resolve=lambda name: reverse(name, CLIENT_URLS))}
    assert Permission.SCORE in ROLES[role].permissions
    assert places <= shown


@pytest.mark.parametrize(
    ("kind", "role"), [(kind, role) for kind in ("client", "operator") for role in ROLES if entries(role, kind)]
)
def test_every_place_in_a_rail_is_one_that_the_role_may_open(kind, role):
    urls = f"bpo.urls_{kind}"
    allowed = ROLES[role].on_operator if kind == "operator" else ROLES[role].permissions
    refused = []
    for entry in rail_for(role, kind, resolve=lambda name: reverse(name, urls)):
        stamp = stamp_of(resolve(entry.url, urls).func)
        wanted = stamp["GET"] if isinstance(stamp, dict) else stamp
        if not isinstance(wanted, OpenToAll) and wanted not in allowed:
            refused.append((entry.url_name, wanted))
    assert refused == []


def test_a_badge_of_zero_is_no_badge():
    rail = with_badges(rail_for("team_lead", "client", resolve=everywhere), {"qa:queue": 3, "qa:coaching": 0})
    assert {str(e.label): e.badge for e in rail if e.badge is not None} == {"Queue": 3}


def test_a_person_with_several_roles_sees_the_widest_rail():
    assert leading_role({"agent", "team_lead"}) == "team_lead"
    assert leading_role([]) == ""


def test_client_colours_fold_into_eleven():
    assert [colour_class(n) for n in (1, 11, 12)] == ["client-c1", "client-c11", "client-c1"]
