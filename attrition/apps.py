from django.apps import AppConfig


class AttritionConfig(AppConfig):
    name = "attrition"
    verbose_name = "Attrition"
