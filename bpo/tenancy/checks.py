"""System checks: app lists disjoint, every model declared, nothing unsafe in a deployment."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning

from bpo.data_classes import managed_models, problems_of


def disjoint_apps(**_: Any) -> list[CheckMessage]:
    both = sorted(set(settings.SHARED_APPS) & set(settings.TENANT_APPS))
    return [
        Error(
            f"{name} is in SHARED_APPS and TENANT_APPS: its tables would be in both schemas.",
            hint="Keep it in one.",
            id="bpo.E001",
        )
        for name in both
    ]


def declared_models(**_: Any) -> list[CheckMessage]:
    return [Error(problem, id="bpo.E002") for model in managed_models() for problem in problems_of(model)]


def fit_to_deploy(**_: Any) -> list[CheckMessage]:
    rules = [
        (settings.MFA_WAIVED, "BPO_MFA_WAIVED is on. Unset it and BPO_DEMO outside the demo."),
        (bool(settings.FAILPOINTS), "BPO_FAILPOINTS is set. It kills processes on purpose; unset it."),
        (settings.DEBUG, "BPO_DEBUG is on. Unset it."),
        (len(settings.DB_MASTER_KEY) < 32, "BPO_DB_MASTER_KEY is shorter than 32 characters."),
        (
            any(len(key) < 32 for key in settings.DB_MASTER_KEY_FALLBACKS),
            "BPO_DB_MASTER_KEY_FALLBACKS holds a key shorter than 32 characters. Take it out once nothing needs it.",
        ),
        (settings.SCHEME != "https", "BPO_SCHEME is http. Serve over TLS and set it to https."),
    ]
    return [CheckWarning(text, id="bpo.W001") for broken, text in rules if broken]


def register_all() -> None:
    register(disjoint_apps, Tags.models)
    register(declared_models, Tags.models)
    register(fit_to_deploy, Tags.security, deploy=True)
