from django.apps import AppConfig


class OpsAuditConfig(AppConfig):
    name = "bpo.ops_audit"
    verbose_name = "Operator audit"
