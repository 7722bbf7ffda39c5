"""The view both sides run: one statement, a few bytes."""

from django.db import connection
from django.http import HttpResponse

from bpo.permissions import open_to_all


def answer(table: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - the name comes from the bench itself
        row = cursor.fetchone()
    return HttpResponse(str(row))


@open_to_all("bench only; routed nowhere else")
def one_query(request: object) -> HttpResponse:
    return answer("interactions_queue")
