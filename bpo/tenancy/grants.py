"""Privileges of the working identities, computed from the models' data classes."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from psycopg import sql

from bpo.data_classes import PRIVILEGES, data_class_of, models_of
from bpo.tenancy.identities import PUBLIC


@dataclass(frozen=True)
class ClientApi:
    """What a client's role may do in public. A public app says so in `AppConfig.client_api`."""

    insert: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    execute: tuple[str, ...] = field(default=())  # function signatures: "name(type, type)"


def client_grants(schema: str, role: str) -> list[sql.Composed]:
    """Everything a client's role may do: its own tables by data class, and the public client API."""
    name, who = sql.Identifier(schema), sql.Identifier(role)
    return [
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}").format(name, who),
        sql.SQL("GRANT USAGE ON SCHEMA {}, public TO {}").format(name, who),
        sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA {} TO {}").format(name, who),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT SELECT, INSERT ON TABLES TO {}").format(name, who),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT USAGE ON SEQUENCES TO {}").format(name, who),
        *_table_grants(schema, role, models_of("client")),
        *_api_grants(role),
    ]


@cache
def grants_digest() -> str:
    """Of what a client's role may do, whoever the client is: another one means that grants have to be set again."""
    text = ";".join(statement.as_string(None) for statement in client_grants("schema", "role"))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def app_grants(role: str) -> list[sql.Composed]:
    """What `app` may do in public, and the closing of what PostgreSQL leaves open by default."""
    who = sql.Identifier(role)
    return [
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC").format(),
        sql.SQL("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC").format(),
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(who),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(who),
        sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(who),
        sql.SQL("GRANT SELECT ON TABLE public.django_migrations TO {}").format(who),
        *_table_grants(PUBLIC, role, models_of("public")),
        *[_execute(signature, role) for api in _apis() for signature in api.execute],
    ]


def _table_grants(schema: str, role: str, models: Iterable[Any]) -> list[sql.Composed]:
    statements = []
    for model in models:
        declared = data_class_of(model)
        privileges = PRIVILEGES[declared.grants] if declared else ()
        if privileges:
            statements.append(
                sql.SQL("GRANT {} ON TABLE {} TO {}").format(
                    sql.SQL(", ").join(map(sql.SQL, privileges)),
                    sql.Identifier(schema, model._meta.db_table),
                    sql.Identifier(role),
                )
            )
    return statements


def _apis() -> list[ClientApi]:
    return [config.client_api for config in apps.get_app_configs() if hasattr(config, "client_api")]


def _api_grants(role: str) -> list[sql.Composed]:
    who = sql.Identifier(role)
    tables = [("INSERT", table) for api in _apis() for table in api.insert]
    views = [("SELECT", view) for api in _apis() for view in api.select]
    return [
        *[
            sql.SQL("GRANT {} ON TABLE {} TO {}").format(sql.SQL(verb), sql.Identifier(PUBLIC, name), who)
            for verb, name in [*tables, *views]
        ],
        *[_execute(signature, role) for api in _apis() for signature in api.execute],
    ]


def _execute(signature: str, role: str) -> sql.Composed:
    return sql.SQL("GRANT EXECUTE ON FUNCTION public.{} TO {}").format(sql.SQL(signature), sql.Identifier(role))
