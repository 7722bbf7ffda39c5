"""Every API token runs out, within a year."""

import datetime

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_terms")]

    operations = [
        migrations.AddConstraint(
            "token",
            models.CheckConstraint(
                condition=Q(expiry__isnull=False) & Q(expiry__lte=F("created") + datetime.timedelta(days=366)),
                name="token_expires_within_a_year",
            ),
        ),
    ]
