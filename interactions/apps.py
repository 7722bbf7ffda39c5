from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = "Interactions"

    def ready(self) -> None:
        from bpo.imports.registry import register
        from bpo.slots import actor_names, actors_named, search
        from interactions import naming
        from interactions.importer import InteractionImporter, IntervalImporter
        from interactions.recording_import import RecordingImporter
        from interactions.search import found

        register(InteractionImporter())
        register(IntervalImporter())
        register(RecordingImporter())
        search.register(found)
        actor_names.register(naming.names)
        actors_named.register(naming.named)
