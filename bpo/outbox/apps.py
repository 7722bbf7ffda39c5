from django.apps import AppConfig

from bpo.tenancy.grants import ClientApi


class OutboxConfig(AppConfig):
    name = "bpo.outbox"
    verbose_name = "Outbox"
    client_api = ClientApi(insert=("outbox_job",))
