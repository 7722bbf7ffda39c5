from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "bpo.tenancy"
    label = "tenancy"
    verbose_name = "Tenancy"

    def ready(self) -> None:
        from bpo.tenancy import checks  # registers the system checks

        checks.register_all()
