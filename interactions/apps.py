from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = "Interactions"

    def ready(self) -> None:
        from bpo.imports.registry import register
        from bpo.slots import search
        from interactions.importer import InteractionImporter, IntervalImporter
        from interactions.search import found

        register(InteractionImporter())
        register(IntervalImporter())
        search.register(found)
