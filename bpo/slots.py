"""Where a lower floor lets upper floors join in without knowing them.

A slot is named here with the value it passes; an app registers providers in `AppConfig.ready()`. A provider renders
or calls a service; it never imports sideways.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass
class Slot(Generic[T]):
    """Providers in registration order. `collect` calls each with the slot's value."""

    name: str
    providers: list[Callable[[T], Any]] = field(default_factory=list)

    def register(self, provider: Callable[[T], Any]) -> None:
        if provider not in self.providers:
            self.providers.append(provider)

    def collect(self, value: T) -> list[Any]:
        return [found for provider in self.providers if (found := provider(value)) is not None]


@dataclass(frozen=True, slots=True)
class Resolved:
    """Resolutions that just happened, inside the transaction that makes them; ids of interactions.Resolution."""

    resolution_ids: tuple[Any, ...]
    by: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Reopened:
    """Resolutions that no longer hold."""

    resolution_ids: tuple[Any, ...]
    by: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Panel:
    """A request to render a panel beside one object: its id and the principal who looks.

    `request` is given where a panel may hold a form, which needs the request's token.
    """

    object_id: Any
    principal: Any
    request: Any = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """A question of whether a principal may hear the sound of an interaction for a reason of the app that is asked."""

    principal: Any
    interaction_id: Any


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody types into the palette: the text, and the principal whose permissions narrow what is found."""

    text: str
    principal: Any


@dataclass(frozen=True, slots=True)
class Hit:
    """One place a search found: a heading to group under, a line, a smaller line, and where it leads."""

    group: Any
    label: str
    sub: str
    url: str


@dataclass(frozen=True, slots=True)
class Due:
    """Something that waits for a lead today: whom it is about, what it is, and where it is done."""

    label: str
    sub: str
    url: str


@dataclass(frozen=True, slots=True)
class Rated:
    """Which interactions customers rated, 1..5, on surveys of ours; a provider gives {interaction id: rating}.

    Business dates from `start` to and including `end`, ratings up to `at_most`; `interactions` narrows to these.
    """

    start: Any
    end: Any
    at_most: int
    interactions: frozenset[Any] | None = None


@dataclass(frozen=True, slots=True)
class Naming:
    """Ids of who acted, to be put into names; a provider gives {id: name} of those it knows, or None."""

    ids: frozenset[Any]


rated: Slot[Rated] = Slot("interactions.rated")
actor_names: Slot[Naming] = Slot("actor.names")
actors_named: Slot[str] = Slot("actors.named")  # the other way: the ids of whom a typed name may mean
case_resolved: Slot[Resolved] = Slot("case.resolved")
case_reopened: Slot[Reopened] = Slot("case.reopened")
interaction_panel: Slot[Panel] = Slot("interaction.panel")
case_panel: Slot[Panel] = Slot("case.panel")
person_panel: Slot[Panel] = Slot("person.panel")  # beside one employee on the operator's host
people_imported: Slot[Panel] = Slot("people.imported")  # beside a finished import of people
client_home: Slot[Panel] = Slot("client.home")
agent_home: Slot[Panel] = Slot("agent.home")
may_hear: Slot[Hearing] = Slot("may.hear")  # each provider gives True, or None
lead_inbox: Slot[Panel] = Slot("lead.inbox")  # each provider gives a list of Due
coaching_book: Slot[Panel] = Slot("coaching.book")
search: Slot[Query] = Slot("search")  # each provider gives a list of at most 8 hits, or None
