from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = "Surveys"

    def ready(self) -> None:
        from bpo import slots
        from bpo.imports.registry import register
        from surveys import (
            mails,  # noqa: F401 - registers its renderer
            providers,
        )
        from surveys.importer import ResponseImporter

        register(ResponseImporter())
        slots.case_resolved.register(providers.on_resolved)
        slots.case_reopened.register(providers.on_reopened)
        slots.rated.register(providers.rated)
        slots.interaction_panel.register(providers.interaction_panel)
        slots.case_panel.register(providers.case_panel)
