"""What the frame shows on every page: host, client, rail, person. Facts come from a provider.

The ground floor knows no accounts. An app that does calls `provide(function)` in its `ready()`; until then
the frame is read off the request and stays empty rather than wrong.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from bpo.permissions import Permission, may
from bpo.roles import labels_of
from bpo.ui.rail import RailEntry, permitted, rail_for, with_active, with_badges

COLOURS = 11
WIDEST_FIRST = (
    "operator_admin",
    "team_lead",
    "qa_analyst",
    "planner",
    "trainer",
    "hr",
    "agent",
    "client_approver",
    "client_user",
    "third_party",
)


@dataclass(frozen=True)
class FrameClient:
    name: str
    key: str
    colour: str  # one of client-c1 .. client-c11
    zone: str


@dataclass(frozen=True)
class FrameUser:
    name: str
    role_label: str = ""


@dataclass(frozen=True)
class SwitchTo:
    name: str
    url: str
    colour: str = ""
    active: bool = False


@dataclass(frozen=True)
class StepIn:
    """An operator inside a client: why, how long still, and the way out (a POST)."""

    reason: str
    minutes_left: int
    leave_url: str
    look_url: str = ""


@dataclass(frozen=True)
class FrameFacts:
    """What a provider returns about one request. Everything has a safe default."""

    role: str = ""
    role_label: str = ""
    user_name: str = ""
    client: FrameClient | None = None
    switcher: tuple[SwitchTo, ...] = ()
    badges: dict[str, int] = field(default_factory=dict)
    find_url: str = ""
    keys_url: str = ""
    keys: Mapping[str, object] = field(default_factory=dict)
    person: str = ""  # the actor's id, or the user's: whose things a browser keeps
    notices_url: str = ""
    api_url: str = ""
    tokens_url: str = ""
    webhooks_url: str = ""
    help_url: str = ""
    security_url: str = ""
    sign_out_url: str = ""
    step_in: StepIn | None = None
    theme: str = ""  # "", "light" or "dark"
    rail_open: bool = False


@dataclass(frozen=True)
class Frame:
    host_kind: str
    client: FrameClient | None
    rail: list[RailEntry]
    user: FrameUser | None
    switcher: tuple[SwitchTo, ...]
    find_url: str
    keys_url: str = ""
    keys: Mapping[str, object] = field(default_factory=dict)
    person: str = ""
    notices_url: str = ""
    api_url: str = ""
    tokens_url: str = ""
    webhooks_url: str = ""
    help_url: str = ""
    security_url: str = ""
    sign_out_url: str = ""
    step_in: StepIn | None = None
    theme: str = ""
    rail_open: bool = False


Provider = Callable[[HttpRequest], FrameFacts]


def colour_class(number: int) -> str:
    """The CSS class of a client colour; any whole number folds into the eleven there are."""
    return f"client-c{(number - 1) % COLOURS + 1}"


def read_request(request: HttpRequest) -> FrameFacts:
    """The facts without a provider: the client and the person as the middleware left them on the request."""
    principal = getattr(request, "principal", None)
    return FrameFacts(
        role=leading_role(getattr(principal, "roles", ())),
        role_label=labels_of(getattr(principal, "roles", ())),
        user_name=str(getattr(principal, "name", "")),
        client=_client(getattr(request, "client", None)),
        security_url=_address("security") if may(principal, Permission.SEE_HOME) else "",
        sign_out_url=_address("sign-out") if principal is not None else "",
        find_url=_address("search") if principal is not None else "",
        keys_url=_address("keys") if may(principal, Permission.SEE_HOME) else "",
        keys=getattr(principal, "keys", {}),
        person=str(getattr(principal, "actor_id", None) or getattr(principal, "user_id", "")),
        tokens_url=_address("tokens") if may(principal, Permission.MAKE_TOKENS) else "",
        webhooks_url=_address("webhooks:list") if may(principal, Permission.MANAGE_WEBHOOKS) else "",
        api_url=_address("api:reader") if may(principal, Permission.SEE_API_DOCS) else "",
        notices_url=_address("notices:list") if principal is not None and principal.actor_id is not None else "",
    )


def leading_role(roles: Iterable[str]) -> str:
    """The one role that decides the rail of a person with several: the widest first."""
    held = set(roles)
    return next((role for role in WIDEST_FIRST if role in held), "")


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _client(client: Any) -> FrameClient | None:
    if client is None:
        return None
    name = str(getattr(client, "name", "") or getattr(client, "key", ""))
    colour = getattr(client, "colour", 1)
    return FrameClient(
        name=name,
        key=str(getattr(client, "key", "")),
        colour=colour_class(colour) if isinstance(colour, int) else str(colour),
        zone=str(getattr(client, "zone", "UTC")),
    )


_provider: Provider = read_request


def provide(provider: Provider) -> Provider:
    """Make `provider` the source of the frame's facts; returns the one before it."""
    global _provider
    before, _provider = _provider, provider
    return before


def host_kind(request: HttpRequest) -> str:
    return "client" if getattr(request, "client", None) is not None else "operator"


def build(request: HttpRequest) -> Frame:
    """The frame of one request. Called at most once per page, and only if a template asks."""
    facts = _provider(request)
    kind = host_kind(request)
    rail, principal = rail_for(facts.role, kind), getattr(request, "principal", None)
    if principal is not None:
        rail = permitted(rail, principal)
    rail = with_badges(with_active(rail, request.path), facts.badges)
    return Frame(
        host_kind=kind,
        client=facts.client,
        rail=rail,
        user=FrameUser(facts.user_name, facts.role_label) if facts.user_name else None,
        switcher=facts.switcher,
        find_url=facts.find_url,
        keys_url=facts.keys_url,
        keys=facts.keys,
        person=facts.person,
        notices_url=facts.notices_url,
        api_url=facts.api_url,
        tokens_url=facts.tokens_url,
        webhooks_url=facts.webhooks_url,
        help_url=facts.help_url,
        security_url=facts.security_url,
        sign_out_url=facts.sign_out_url,
        step_in=facts.step_in,
        theme=facts.theme,
        rail_open=facts.rail_open,
    )


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame`, built when first read, so a fragment pays nothing for it."""
    return {"frame": SimpleLazyObject(lambda: build(request))}
