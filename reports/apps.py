from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        from bpo import slots
        from bpo.notices.kinds import KINDS
        from reports import providers

        slots.client_home.register(providers.client_home)
        slots.search.register(providers.search)
        KINDS["report_sent"] = _("A report is there to read")
