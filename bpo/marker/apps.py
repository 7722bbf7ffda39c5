from django.apps import AppConfig


class MarkerConfig(AppConfig):
    name = "bpo.marker"
