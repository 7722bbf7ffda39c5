from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = "Interactions"

    def ready(self) -> None:
        from bpo.imports.registry import register
        from interactions.importer import InteractionImporter

        register(InteractionImporter())
