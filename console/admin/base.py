"""The one kind of admin page there is: look, search, filter."""

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.http import HttpRequest

# Public models that no admin lists, each with its reason.
UNLISTED: Final = {
    "workforce.ErasedPerson": "hashes that a file is compared with",
    "console.RetentionRun": "what went in a night is in the operator's log",
    "console.RetentionTerm": "manage.py retain shows and sets them",
    "console.PersonRequest": "the person's own page has it",
    "console.Erasure": "ids of who was erased; the client's own page has the request",
    "accounts.Terms": "a client's page of terms shows them",
    "accounts.Claim": "a client's page of domains shows them",
    "console.Change": "what was asked of a client is in the operator's audit",
    "tenancy.ReadySchema": "nobody's places; the page of schemas counts them",
    "tenancy.SchemaState": "the page of schemas shows it",
    "accounts.AuthenticatorApp": "holds what signs people in; the page of a user says whether there is one",
    "accounts.RecoveryCode": "holds what signs people in",
    "accounts.Passkey": "holds what signs people in",
    "accounts.ExternalIdentity": "who somebody is elsewhere; their own page says whether there is one",
    "accounts.SignInRule": "the client's settings show it",
    "accounts.StepIn": "each client's page of stepping in lists them",
    "accounts.OpenSession": "each person's own page lists theirs",
    "accounts.SignInLink": "holds what lets people in; the page of members lists invitations",
    "accounts.HandOff": "codes that live for thirty seconds",
    "ops_audit.Head": "one row, the end of the chain; verify_audit reads it",
    "ops_audit.HeadCopy": "ends of chains by the hour; verify_audit reads them",
    "ops_audit.Checkpoint": "where the chain begins; verify_audit reads it",
    "admin.LogEntry": "empty: our audit is the log",
    "auth.Group": "roles are code",
    "auth.Group_permissions": "roles are code",
    "auth.Permission": "permissions are code",
    "contenttypes.ContentType": "Django's own list of models",
    "sessions.Session": "holds what signs people in",
    "axes.AccessAttemptExpiration": "shown with its attempt",
    "axes.AccessLog": "switched off",
    "axes.AccessFailureLog": "switched off",
}


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # ModelAdmin is not generic at run time
    """No add, change or delete, and so no script either."""

    list_per_page = 50
    show_full_result_count = False
    media = forms.Media()  # the parent's scripts are for forms, and there is none

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
