"""What was agreed with a client, taken to where its own schema obeys it."""

from datetime import datetime

from accounts.selectors import terms_of
from bpo.actors import system
from bpo.tenancy.context import enter
from bpo.tenancy.identities import ClientRef
from interactions.queues import Promised, promise_on_queues
from surveys.services.policy import follow_policy


def copy_terms(*, client: ClientRef, now: datetime) -> None:
    """The newest terms, as app, then their copy inside the client. Running it again changes nothing."""
    terms = terms_of(client.id)
    by = system("terms")
    promised = Promised(
        terms.service_level_target, terms.answer_within_seconds,
        terms.service_level_definition, terms.short_abandon_seconds, terms.second_person,
    )  # fmt: skip
    with enter(client):
        promise_on_queues(promised=promised, by=by, now=now)
        follow_policy(asked=terms.surveys_asked, rest_days=terms.survey_rest_days, by=by, now=now)
