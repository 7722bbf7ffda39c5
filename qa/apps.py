from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QaConfig(AppConfig):
    name = "qa"
    verbose_name = "Quality"

    def ready(self) -> None:
        from bpo.notices import kinds

        kinds.KINDS["review_released"] = _("A review of mine is released")
