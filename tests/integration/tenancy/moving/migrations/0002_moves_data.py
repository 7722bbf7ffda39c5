from datetime import UTC, datetime
from typing import Any

from django.db import migrations

FAILS: set[Any] = set()  # ids of clients it fails at
SEEN: list[Any] = []


def move(apps: Any, schema_editor: Any) -> None:
    marker = apps.get_model("marker", "Marker").objects.get()
    if marker.client_id in FAILS:
        raise ValueError("a row nobody thought of\nDETAIL: its secret")
    SEEN.append(marker.client_id)
    apps.get_model("marker", "Marker").objects.update(marked_at=datetime(2020, 1, 1, tzinfo=UTC))


class Migration(migrations.Migration):
    dependencies = [("marker", "0001_initial")]
    operations = [migrations.RunPython(move)]
