from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "console"
    verbose_name = "Console"

    def ready(self) -> None:
        from bpo.ui.context import provide
        from console.frame import facts

        provide(facts)
