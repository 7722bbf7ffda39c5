from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "bpo.webhooks"
    verbose_name = "Webhooks"
