from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QaConfig(AppConfig):
    name = "qa"
    verbose_name = "Quality"

    def ready(self) -> None:
        from bpo import slots
        from bpo.notices import kinds
        from qa import providers

        kinds.KINDS["review_released"] = _("A review of mine is released")
        slots.agent_home.register(providers.agent_home)
        slots.interaction_panel.register(providers.interaction_panel)
        slots.search.register(providers.search)
