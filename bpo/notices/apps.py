from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "bpo.notices"

    def ready(self) -> None:
        from bpo.notices import mails  # noqa: F401 - registers its renderer
