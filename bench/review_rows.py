"""The rows both sides show: a call of sixty lines, twelve questions, two notes. Prints the review's id."""

import os


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bpo.settings"
    import django

    django.setup()
    from accounts.models import Client
    from bpo.tenancy.context import enter
    from interactions.models import Actor, Interaction, Line
    from qa.models import ReviewTask
    from tests.e2e.qa.ground import SAID, calls

    with enter(Client.objects.get(key="bench").ref()):
        agent = Actor.objects.create(display_name="Maricel Santos", pseudonym="Agent 9001")
        calls(agent, 3)
        one = Interaction.objects.earliest("external_id")
        Line.objects.bulk_create(
            Line(interaction=one, number=number, speaker="agent", starts_ms=40_000, ends_ms=40_000, text=SAID[4][3])
            for number in range(len(SAID) + 1, 61)
        )
        print(ReviewTask.objects.get(interaction=one).pk)  # noqa: T201 - its output


if __name__ == "__main__":
    main()
