from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    name = "scheduling"
    verbose_name = "Scheduling"

    def ready(self) -> None:
        from bpo import slots
        from bpo.imports.registry import register
        from bpo.notices.kinds import KINDS
        from scheduling import providers
        from scheduling.importer import CallbackImporter, ForecastImporter

        register(ForecastImporter())
        register(CallbackImporter())
        KINDS["shift_published"] = _("My shifts are published or changed")
        KINDS["time_off_cancelled"] = _("My time off is cancelled")
        KINDS["plan_to_publish"] = _("A plan waits for a second person to publish it")
        KINDS["plan_taken_back"] = _("A plan I sent for review is a draft again")
        slots.agent_home.register(providers.agent_home)
        slots.search.register(providers.search)
