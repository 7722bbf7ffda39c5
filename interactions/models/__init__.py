"""The floor itself: actors and teams, queues and reasons, customers, cases, interactions and what was said in them."""

from interactions.models.actor import Actor, Team
from interactions.models.case import Case, Resolution
from interactions.models.customer import Customer
from interactions.models.interaction import Interaction
from interactions.models.recording import Line, Recording
from interactions.models.vocabulary import Disposition, PastCounting, Queue, QueuePromise, Reason
from interactions.models.volume import Interval, Skill

__all__ = [
    "Actor", "Case", "Customer", "Disposition", "Interaction", "Interval", "Line",
    "PastCounting", "Queue", "QueuePromise",
    "Reason", "Recording",
    "Resolution", "Skill", "Team",
]  # fmt: skip
