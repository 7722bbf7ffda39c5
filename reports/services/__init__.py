"""The verbs of reports."""

from reports.services.announcing import announce
from reports.services.asking import Refused, Superseded, request_build, resume_build, retry_build
from reports.services.building import build, fail_build
from reports.services.verifying import verify

__all__ = [
    "Refused",
    "Superseded",
    "announce",
    "build",
    "fail_build",
    "request_build",
    "resume_build",
    "retry_build",
    "verify",
]
