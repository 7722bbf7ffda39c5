"""What quality adds to the floor's slots."""

from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bpo.permissions import Permission, may, reach
from bpo.slots import Hearing, Hit, Panel, Query
from qa import selectors
from qa.models import ReviewTask
from qa.selectors.articles import About, articles
from qa.words import basis, figure, points

MOST_HITS = 8


def agent_home(panel: Panel) -> str | None:
    """The newest review of the agent who looks, with four weeks of random ones."""
    actor = panel.principal.actor_id
    if not may(panel.principal, Permission.SEE_OWN_REVIEWS) or actor is None:
        return None
    newest = selectors.evaluations_of_agent(actor).first()
    if newest is None:
        return None
    mean = selectors.agent_recent(actor, timezone.localdate())
    notes = selectors.notes_of(newest, selectors.for_agent(panel.principal, now=timezone.now()))
    context = {"one": newest, "notes": len(notes), "figure": figure(mean), "basis": basis(mean)}
    return render_to_string("qa/agent_home.html", context)


def interaction_panel(panel: Panel) -> str | None:
    """Evaluations of one interaction, and the way into the queue."""
    if not may(panel.principal, Permission.SEE_EVALUATIONS):
        return None
    waiting = ReviewTask.objects.filter(interaction_id=panel.object_id, state__in=["waiting", "claimed"]).first()
    audience = selectors.for_team(panel.principal, now=timezone.now())
    context = {
        "interaction_id": panel.object_id,
        "notes": selectors.notes_of_interaction(panel.object_id, audience),
        "may_coach": may(panel.principal, Permission.COACH),
        "found": selectors.evaluations_of_interaction(panel.object_id),
        "waiting": waiting,
        "may_score": may(panel.principal, Permission.SCORE),
    }
    return render_to_string("qa/interaction_panel.html", context, request=None)


def may_hear(asked: Hearing) -> bool | None:
    """An agent hears an interaction of theirs once a review of it, or a note on it, is for them."""
    actor = asked.principal.actor_id
    if not may(asked.principal, Permission.SEE_OWN_REVIEWS) or actor is None:
        return None
    about = {"interaction_id": asked.interaction_id}
    told = selectors.notes_for(selectors.for_agent(asked.principal, now=timezone.now())).filter(**about)
    return selectors.evaluations_of_agent(actor).filter(**about).exists() or told.exists() or None


def search(query: Query) -> list[Hit] | None:
    """Evaluations by their agent's name or the interaction's id; an agent finds their own."""
    text, principal = query.text.strip(), query.principal
    if len(text) < 2:
        return None
    if may(principal, Permission.SEE_EVALUATIONS):
        found = selectors.evaluations(reach=reach(principal, Permission.SEE_EVALUATIONS))
        name = "qa:evaluation"
    elif may(principal, Permission.SEE_OWN_REVIEWS) and principal.actor_id:
        found, name = selectors.evaluations_of_agent(principal.actor_id), "qa:my_review"
    else:
        return None
    matching = found.filter(
        Q(agent__display_name__icontains=text)
        | Q(interaction__external_id__istartswith=text)
        | Q(interaction__queue__name__icontains=text)
    )
    return [
        Hit(
            _("Reviews"),
            one.agent.display_name,
            f"{one.interaction.queue.name}, {points(one.current.final if one.current else None)}",
            reverse(name, args=[one.pk]),
        )
        for one in matching[:MOST_HITS]
    ]


def search_articles(query: Query) -> list[Hit] | None:
    """Articles whose words fit, the best first."""
    if not may(query.principal, Permission.SEE_KNOWLEDGE):
        return None
    return [
        Hit(_("Knowledge"), one.title, one.summary, reverse("qa:article", args=[one.standing.pk]))
        for one in articles(About(text=query.text)).defer("body", "plain")[:MOST_HITS]
    ]
