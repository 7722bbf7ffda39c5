"""A client with calls to review and a lead who signs in: `python -m bench.transitions_rows REVIEWS EMAIL PASSWORD`."""

import os
import sys


def main(reviews: int, email: str, password: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bpo.settings"
    import django

    django.setup()
    from accounts.models import Client
    from bpo.actors import system
    from bpo.tenancy.context import enter
    from console.people import open_account
    from interactions.models import Actor
    from tests.e2e.qa.ground import NOW, calls

    client = Client.objects.get(key="bench")
    open_account(
        email=email, name="Grace Villamor", password=password, role="team_lead", client=client, client_realm=False,
        by=system("bench"), now=NOW,
    )  # fmt: skip
    with enter(client.ref()):
        calls(Actor.objects.create(display_name="Maricel Santos", pseudonym="Agent 9001"), reviews)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
