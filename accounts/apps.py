from django.apps import AppConfig

from bpo.tenancy.grants import ClientApi


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"
    client_api = ClientApi(execute=("bpo_client_id()",))
