from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "bpo.privacy"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from bpo.notices.kinds import KINDS

        KINDS.setdefault("subject_export_done", _("An export of a customer that I asked for is done"))
