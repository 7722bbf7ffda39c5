from django.apps import AppConfig

from bpo.tenancy.grants import ClientApi


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"
    client_api = ClientApi(execute=("bpo_client_id()",))

    def ready(self) -> None:
        from accounts import naming
        from bpo.slots import actor_names, actors_named

        actor_names.register(naming.names)
        actors_named.register(naming.named)
