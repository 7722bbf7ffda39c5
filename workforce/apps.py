from django.apps import AppConfig

from bpo.tenancy.grants import ClientApi


class WorkforceConfig(AppConfig):
    name = "workforce"
    verbose_name = "Workforce"
    client_api = ClientApi(
        select=("workforce_my_people",),
        execute=(
            "workforce_book(uuid, timestamptz, timestamptz, date, text, text)",
            "workforce_hold(uuid[])",
            "workforce_release(uuid)",
            "workforce_busy(uuid, timestamptz, timestamptz)",
        ),
    )

    def ready(self) -> None:
        from bpo import slots
        from workforce import providers

        slots.search.register(providers.find)
