"""The same one-query view in a Django project without tenancy, on the same table."""

import os

from bpo import env

_found = env.database(os.environ["BENCH_PLAIN_URL"])
SECRET_KEY = "bench-only"  # noqa: S105 - signs nothing here
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.baselines.plain"
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None, **_found}}


def one_query(request):  # type: ignore[no-untyped-def]  # imported by Django alone
    from bench.view import answer

    return answer(os.environ["BENCH_TABLE"])


def __getattr__(name: str):  # type: ignore[no-untyped-def]  # urlpatterns needs Django set up
    if name == "urlpatterns":
        from django.urls import path

        return [path("", one_query)]
    raise AttributeError(name)
