"""A request may be about a sign-in of nobody we employ."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0006_terms"),
        ("workforce", "0006_erasedperson"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="personrequest",
            name="person_request_waits_once",
        ),
        migrations.AddField(
            model_name="personrequest",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="personrequest",
            name="employee",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="workforce.employee"
            ),
        ),
        migrations.AddConstraint(
            model_name="personrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("employee", None), ("user__isnull", False)),
                    models.Q(("employee__isnull", False), ("user", None)),
                    _connector="OR",
                ),
                name="person_request_is_about_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="personrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("kind", "employee", "user"),
                name="person_request_waits_once",
                nulls_distinct=False,
            ),
        ),
    ]
