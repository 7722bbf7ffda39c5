from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "console"
    verbose_name = "Console"

    def ready(self) -> None:
        from bpo.slots import search
        from bpo.ui.context import provide
        from console.frame import facts
        from console.search import found

        provide(facts)
        search.register(found)
