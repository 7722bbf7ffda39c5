from django.apps import AppConfig


class AttritionConfig(AppConfig):
    name = "attrition"
    verbose_name = "Attrition"

    def ready(self) -> None:
        from attrition import providers
        from bpo import slots

        slots.person_panel.register(providers.person_panel)
