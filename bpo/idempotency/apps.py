from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    name = "bpo.idempotency"
