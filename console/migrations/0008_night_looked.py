"""A night knows which imported file it looked at last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0007_people_who_sign_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="retentionrun",
            name="looked",
            field=models.UUIDField(editable=False, null=True),
        ),
    ]
