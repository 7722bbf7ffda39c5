from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QaConfig(AppConfig):
    name = "qa"
    verbose_name = "Quality"

    def ready(self) -> None:
        from bpo import slots
        from bpo.notices import kinds
        from bpo.webhooks import events
        from qa import providers

        kinds.KINDS["publication_asked"] = _("A scorecard waits to be published")
        kinds.KINDS["review_released"] = _("A review of mine is released")
        kinds.KINDS["note_given"] = _("A note for me outside a review")
        kinds.KINDS["note_answered"] = _("A note or a reply of mine is answered")
        events.EVENTS["evaluation.released"] = _("An evaluation is released")
        events.EVENTS["evaluation.auto_failed"] = _("A released evaluation failed by a critical error")
        kinds.KINDS["review_taken"] = _("A review I had in hand is taken over")
        slots.agent_home.register(providers.agent_home)
        slots.interaction_panel.register(providers.interaction_panel)
        slots.may_hear.register(providers.may_hear)
        slots.search.register(providers.search)
        slots.search.register(providers.search_articles)
