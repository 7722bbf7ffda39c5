"""Rules of signing in are versions, and no client is called as the console's page for a new one is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_recordings"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="client",
            name="client_key_is_not_reserved",
        ),
        migrations.AddField(
            model_name="identityprovider",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="signinrule",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("key__in", ("ops", "www", "api", "admin", "mail", "static", "public", "localhost", "new")),
                    _negated=True,
                ),
                name="client_key_is_not_reserved",
            ),
        ),
    ]
