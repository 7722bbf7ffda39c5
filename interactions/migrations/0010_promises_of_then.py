"""What a queue promised before a day, beside how that was counted.

Rows from before didn't say: they take what their queue promises now, by which their weeks were counted until today.
"""

from django.db import migrations, models

AS_NOW = """
UPDATE interactions_pastcounting AS past SET
    service_level_target = queue.service_level_target, answer_within_seconds = queue.answer_within_seconds
FROM interactions_queue AS queue WHERE queue.id = past.queue_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0009_one_name_a_queue"),
    ]

    operations = [
        migrations.AddField(
            model_name="pastcounting",
            name="service_level_target",
            field=models.DecimalField(decimal_places=3, max_digits=4, null=True),
        ),
        migrations.AddField(
            model_name="pastcounting",
            name="answer_within_seconds",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.RunSQL(AS_NOW, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="pastcounting",
            name="service_level_target",
            field=models.DecimalField(decimal_places=3, max_digits=4),
        ),
        migrations.AlterField(
            model_name="pastcounting",
            name="answer_within_seconds",
            field=models.PositiveIntegerField(),
        ),
        migrations.AddConstraint(
            model_name="pastcounting",
            constraint=models.CheckConstraint(
                condition=models.Q(service_level_target__gt=0, service_level_target__lte=1),
                name="past_counting_target_is_a_fraction",
            ),
        ),
    ]
