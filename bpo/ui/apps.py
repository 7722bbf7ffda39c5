from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "bpo.ui"
    label = "ui"
    verbose_name = "UI kit"
