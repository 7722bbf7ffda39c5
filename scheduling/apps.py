from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    name = "scheduling"
    verbose_name = "Scheduling"

    def ready(self) -> None:
        from bpo.notices.kinds import KINDS

        KINDS["shift_published"] = _("My shifts are published or changed")
