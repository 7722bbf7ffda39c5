"""Names in a file to rows of the client: found, made where that is allowed, or a problem of their row."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Max, Model, Q
from django.db.models.functions import Length

from bpo.imports.domain.problems import CellError
from bpo.imports.domain.words import nearest
from bpo.imports.domain.words import phrase as _
from bpo.privacy.keys import erased_among
from interactions.domain.importing import InteractionRow
from interactions.models import Actor, Customer, Disposition, Queue, Reason
from interactions.queues import promise_of_new

Named = TypeVar("Named", Queue, Reason, Disposition)
Rows = Sequence[InteractionRow]


class QueueBook:
    """The client's queues by name or key. Nothing is written before `save`."""

    def __init__(self, create_missing: frozenset[str]) -> None:
        self._may_create = "queue" in create_missing
        self._known = _named(Queue)
        self._new: list[Queue] = []
        self._promise: dict[str, Any] | None = None

    def check(self, name: str) -> None:
        """CellError for a queue that is unknown and may not be made."""
        if not self._may_create and name.casefold() not in self._known:
            known = {queue.name for queue in self._known.values()}
            raise CellError("queue", _("“{name}” is unknown.", name=name), _remedy(name, known))

    def named(self, name: str, channel: str) -> Queue:
        """A queue, made where it is missing. CellError as in `check`."""
        self.check(name)
        found = self._known.get(name.casefold())
        if found is None:
            if self._promise is None:
                self._promise = promise_of_new()
            found = Queue(key=name, name=name, channel=channel, **self._promise)
            self._known[name.casefold()] = found
            self._new.append(found)
        return found

    def save(self) -> None:
        Queue.objects.bulk_create(self._new)


class Lookups:
    """What the rows of one batch refer to. Nothing is written before `save`."""

    def __init__(self, rows: Rows, create_missing: frozenset[str]) -> None:
        self._may_create = create_missing
        self._new: list[Model] = []
        self._queues = QueueBook(create_missing)
        self._reasons = {**_named(Reason)}
        self._dispositions = {**_named(Disposition)}
        named = {name for row in rows for _field, name in _people(row)}
        self._actors = _actors(named)
        self._erased = _erased(named - set(self._actors))
        self._customers = _customers(rows)
        self._changed_customers: dict[str, Customer] = {}
        self._numbers = iter(range(_last_number() + 1, 10**9)) if "actor" in create_missing else iter(())

    def check(self, row: InteractionRow) -> None:
        """CellError for a queue or person that is unknown and may not be made, and for a name of several people."""
        self._queues.check(row.queue)
        for field, name in _people(row):
            self._check_actor(field, name)

    def queue(self, row: InteractionRow) -> Queue:
        """The row's queue, made where it is missing; call `check` before."""
        return self._queues.named(row.queue, row.channel)

    def reason(self, row: InteractionRow) -> Reason | None:
        return self._word(Reason, self._reasons, row.reason)

    def disposition(self, row: InteractionRow) -> Disposition | None:
        return self._word(Disposition, self._dispositions, row.disposition)

    def actor(self, name: str) -> Actor | None:
        """A person by ACD login or by name, made where missing; call `check` before."""
        if not name:
            return None
        found = self._actors.get(name)
        if not found:
            made = Actor(display_name=name, pseudonym=f"Agent {next(self._numbers):04d}")
            self._actors[name] = found = [made]
            self._new.append(made)
        return found[0]

    def customer(self, row: InteractionRow, present: Customer | None) -> Customer | None:
        """The row's customer by the client's reference; without one, the customer the interaction has."""
        if not (row.customer_ref or row.customer_name or row.customer_email):
            return present
        found = self._customers.get(row.customer_ref) if row.customer_ref else present
        if found is None:
            found = Customer(reference=row.customer_ref or None, name=row.customer_name, email=row.customer_email)
            self._new.append(found)
            if row.customer_ref:
                self._customers[row.customer_ref] = found
        elif _fill(found, row):
            self._changed_customers[str(found.pk)] = found
        return found

    def save(self) -> None:
        """Write what is new or changed, in the caller's transaction."""
        self._queues.save()
        for model in (Reason, Disposition, Actor, Customer):
            made: list[Any] = [one for one in self._new if isinstance(one, model)]
            if made:
                model._default_manager.bulk_create(made)
        new = {str(one.pk) for one in self._new}
        changed = [one for key, one in self._changed_customers.items() if key not in new]
        Customer.objects.bulk_update(changed, ["name", "email", "version"])

    def _word(self, model: type[Named], known: dict[str, Named], name: str) -> Named | None:
        if not name:
            return None
        found = known.get(name.casefold())
        if found is None:
            found = model(key=name, name=name)
            self._remember(known, name, found)
        return found

    def _remember(self, known: dict[str, Named], name: str, made: Named) -> None:
        known[name.casefold()] = made
        self._new.append(made)

    def _check_actor(self, field: str, name: str) -> None:
        found = self._actors.get(name, [])
        if len(found) > 1:
            raise CellError(
                field,
                _("“{name}” matches {count} people.", name=name, count=len(found)),
                _("Give the ACD login instead of the name."),
            )
        if not found and name in self._erased:
            remedy = _("Leave the cell empty, or name who did it now.")
            raise CellError(field, _("This belongs to somebody who was erased."), remedy)
        if not found and "actor" not in self._may_create:
            known = Actor.objects.values_list("display_name", flat=True)[:2000]
            raise CellError(field, _("“{name}” is unknown.", name=name), _remedy(name, known))


def _people(row: InteractionRow) -> list[tuple[str, str]]:
    """The people a row names, with the field that does."""
    named = (("agent", row.agent), ("supervisor", row.supervisor), ("manager", row.manager))
    return [(field, name) for field, name in named if name]


def _remedy(name: str, known: Iterable[str]) -> str:
    names = list(known)
    if not names:
        return _("Create it first, or name it in the mapping's create_missing.")
    return _("{nearest} Or name it in the mapping's create_missing.", nearest=nearest(name, names))


def _named(model: type[Named]) -> dict[str, Named]:
    """Rows by name and by key; where the two collide the key wins."""
    found = list(model._default_manager.all())
    return {one.name.casefold(): one for one in found} | {one.key.casefold(): one for one in found}


def _actors(names: set[str]) -> dict[str, list[Actor]]:
    """Actors by ACD login, which is one person's, else by display name, which may be several people's."""
    found: dict[str, list[Actor]] = {}
    logins = {}
    for actor in Actor.objects.filter(Q(acd_login__in=names) | Q(display_name__in=names)):
        found.setdefault(actor.display_name, []).append(actor)
        if actor.acd_login:
            logins[actor.acd_login] = [actor]
    return found | logins


def _erased(names: set[str]) -> set[str]:
    """Names and logins of people who were erased: no file makes them again."""
    fields = ("display_name", "acd_login")
    found = erased_among(("interactions.Actor", field, name) for name in names for field in fields)
    return {key[-1] for key in found}


def _customers(rows: Rows) -> dict[str, Customer]:
    wanted = {row.customer_ref for row in rows if row.customer_ref}
    return {str(one.reference): one for one in Customer.objects.filter(reference__in=wanted)}


def _fill(customer: Customer, row: InteractionRow) -> bool:
    """Put in what the customer lacks; what a person wrote is not overwritten by a file."""
    before = (customer.name, customer.email)
    customer.name = customer.name or row.customer_name
    customer.email = customer.email or row.customer_email
    changed = (customer.name, customer.email) != before
    customer.version += changed
    return changed


def _last_number() -> int:
    """The highest number among pseudonyms such as "Agent 0042"."""
    numbered = Actor.objects.filter(pseudonym__regex=r"^Agent [0-9]{1,9}$")
    longest = numbered.aggregate(most=Max(Length("pseudonym")))["most"]
    if longest is None:
        return 0
    last = numbered.annotate(size=Length("pseudonym")).filter(size=longest).aggregate(last=Max("pseudonym"))["last"]
    return int(str(last).rpartition(" ")[2])
