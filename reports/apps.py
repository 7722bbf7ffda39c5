from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        from bpo.notices.kinds import KINDS

        KINDS["report_sent"] = _("A report is there to read")
