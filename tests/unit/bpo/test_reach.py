"""How far a permission reaches: the widest scope of the memberships that hold it."""

from uuid import UUID

import pytest

from bpo.permissions import Permission, Principal, Reach, reach
from bpo.roles import narrowed_by, permissions_of

TEAM, ACTOR, STRANGER = (UUID(int=number) for number in (1, 2, 3))
SEEN = Permission.SEE_INTERACTIONS


@pytest.mark.parametrize(
    ("held", "scope"),
    [
        ([("team_lead", "all")], None),
        ([("team_lead", "teams")], "teams"),
        ([("team_lead", "self")], "self"),
        ([("team_lead", "teams"), ("planner", "all")], None),
        ([("team_lead", "self"), ("planner", "teams")], "teams"),
        ([("team_lead", "teams"), ("agent", "all")], "teams"),  # an agent holds no such permission
        ([("no_such_role", "all"), ("team_lead", "teams")], "teams"),
        ([], None),
    ],
)
def test_the_widest_scope_that_holds_the_permission_counts(held: list[tuple[str, str]], scope: str | None) -> None:
    assert narrowed_by(held, on_operator=False).get(SEEN) == scope


def principal(scope: str) -> Principal:
    held = [("team_lead", scope)]
    return Principal(
        user_id=ACTOR, name="T", realm="staff", roles=frozenset({"team_lead"}), on_operator=False, actor_id=ACTOR,
        permissions=permissions_of(["team_lead"], on_operator=False),
        narrowed=narrowed_by(held, on_operator=False), teams=frozenset({TEAM}),
    )  # fmt: skip


def test_a_reach_holds_ones_teams_and_oneself_and_nobody_else() -> None:
    assert reach(principal("all"), SEEN) is None
    teams, own = reach(principal("teams"), SEEN), reach(principal("self"), SEEN)
    assert teams == Reach(frozenset({TEAM}), ACTOR)
    assert own == Reach(frozenset(), ACTOR)
