from bpo.tenancy.models.bases import ClientBase, DomainBase
from bpo.tenancy.models.ready import ReadySchema
from bpo.tenancy.models.state import SchemaState

__all__ = ["ClientBase", "DomainBase", "ReadySchema", "SchemaState"]
