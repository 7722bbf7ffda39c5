"""The floor itself: actors and teams, queues and reasons, customers, cases and interactions."""

from interactions.models.actor import Actor, Team
from interactions.models.case import Case, Resolution
from interactions.models.customer import Customer
from interactions.models.interaction import Interaction
from interactions.models.vocabulary import Disposition, Queue, Reason

__all__ = ["Actor", "Case", "Customer", "Disposition", "Interaction", "Queue", "Reason", "Resolution", "Team"]
