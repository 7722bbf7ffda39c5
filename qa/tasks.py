"""Work of quality that waits in the outbox, and each week's draw."""

from datetime import time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.selectors import users_with_role
from bpo.actors import system
from bpo.outbox.registry import job
from bpo.outbox.slots import weekly
from bpo.permissions import Permission
from bpo.roles import ROLES
from bpo.tenancy.context import current_client, enter
from bpo.tenancy.identities import ClientRef
from qa import services
from qa.domain.sampling import last_week
from qa.services import draw_weekly, release
from qa.services.coaching import tell_of_note
from workforce.selectors import actors_of_users

PUBLISHERS = tuple(key for key, role in ROLES.items() if Permission.PUBLISH_SCORECARDS in role.permissions)

DRAWN_AT = time(4)  # on Monday, when the shifts of Sunday night are in


@job("qa.release", scope="client")
def release_evaluation(revision_id: str) -> None:
    release(revision_id=UUID(revision_id), by=system("release"), now=timezone.now())


@job("qa.tell_of_note", scope="client")
def tell_agent_of_note(note_id: str) -> None:
    tell_of_note(note_id=UUID(note_id), now=timezone.now())


@job("qa.replay", scope="client", max_attempts=3, lease_seconds=600, when_dead="qa.replay_interrupted")
def count_replay(replay_id: str) -> None:
    services.count_replay(replay_id=UUID(replay_id), now=timezone.now())


@job("qa.replay_interrupted", scope="client")
def give_up_replay(replay_id: str) -> None:
    services.fail_replay(replay_id=UUID(replay_id), now=timezone.now())


@job("qa.tell_publishers", scope="crossing")
def tell_publishers(*, client: ClientRef, draft_id: str) -> None:
    """Who may publish is public; what they are told is the client's. Facts first, then the copy."""
    now = timezone.now()
    people = actors_of_users(client.id, users_with_role(client.id, PUBLISHERS, now=now))
    with enter(client):
        services.tell_publishers(draft_id=UUID(draft_id), actor_ids=people, now=now)


@job("qa.draw_weekly", scope="client")
def draw_last_week() -> None:
    """Each plan's draw of the week that is over on the client's clock; done again it finds what is there."""
    now = timezone.now()
    today = now.astimezone(ZoneInfo(current_client().zone)).date()
    draw_weekly(week=last_week(today), today=today, by=system("draw"), now=now)


weekly("qa.draw_weekly", at=DRAWN_AT)
