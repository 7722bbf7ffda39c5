"""Candidates know the interaction they were frozen from, and its day: what panels and periods ask for."""

import datetime

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0001_initial"), ("surveys", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="candidate",
            name="interaction",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="candidates",
                to="interactions.interaction",
            ),
        ),
        migrations.AddField(
            model_name="candidate",
            name="business_date",
            # No client has a candidate before this migration; the default never shows.
            field=models.DateField(default=datetime.date(1970, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(fields=["business_date"], name="candidates_by_day"),
        ),
    ]
