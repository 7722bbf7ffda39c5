"""What people of the demo would rather have: every third of a client's, half of them a Friday off, as is planted."""

from datetime import datetime, time, timedelta
from typing import Final

from bpo.actors import By
from console.demo.manifest import FRIDAY, PREFERRING
from console.demo.plans import ClientPlan
from console.demo.seeds import stream
from console.demo.world import World
from interactions.models import Actor
from scheduling.domain.preferences import EARLY, LATE
from scheduling.services import state_preference
from scheduling.services.preferring import Wanted

BEFORE: Final = timedelta(days=35)  # so that the weeks published since were made with it
BANDS: Final[tuple[tuple[time, time] | None, ...]] = (EARLY, None, LATE)


def state(world: World, plan: ClientPlan, now: datetime) -> None:
    """Each agent's own, by the service their page uses; whoever signs in as an agent has one."""
    chance = stream(world.seed, plan.key, "preferences")
    logins = {one.number for one in world.logins if one.role == "agent" and one.client_key == plan.key}
    agents = [(person, actor_id) for person, actor_id in world.work[plan.key].agents]
    asking = [
        actor_id for place, (one, actor_id) in enumerate(agents) if not place % PREFERRING or one.number in logins
    ]
    actors = Actor.objects.in_bulk(asking)
    for number, actor_id in enumerate(asking):
        weekday, band = FRIDAY, None
        if number % 2:
            weekday, band = (int(chance.choice([0, 1, 2, 3, 5, 6])), BANDS[int(chance.integers(3))])
        wanted = Wanted(weekday, None, band, ("like", "much")[int(chance.integers(2))], plan.zone)
        by = By("person", actors[actor_id].display_name, actor_id=actor_id)
        state_preference(actor_id=actor_id, wanted=wanted, by=by, now=now - BEFORE)
