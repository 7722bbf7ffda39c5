"""Every permission can be read by whoever gives it."""

from bpo.permission_words import AREAS, by_area
from bpo.permissions import Permission
from bpo.roles import PASSING, ROLES, at_the_operator


def test_every_permission_has_words_in_one_area() -> None:
    told = [permission for _, words in AREAS for permission in words]
    assert sorted(told) == sorted(Permission), "give each permission its words in bpo/permission_words.py, once"
    assert by_area([Permission.SCORE]) == [("Quality", ["score interactions"])]
    assert by_area([]) == []


def test_a_role_at_a_client_opens_the_way_there_and_nothing_else_of_the_operator() -> None:
    roles, may = at_the_operator([("a client", "operator_admin"), ("a client", "hr"), ("a client", "team_lead")])
    assert (roles, may) == ({"team_lead"}, PASSING)
    roles, may = at_the_operator([("a client", "team_lead"), (None, "hr")])
    assert roles == {"team_lead", "hr"}
    assert may == ROLES["hr"].on_operator
    assert at_the_operator([("a client", "client_user")]) == ({"client_user"}, frozenset())
    assert at_the_operator([]) == (frozenset(), frozenset())
