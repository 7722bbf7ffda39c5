"""Is every report still what was frozen? The text by its hash, its columns, its files, and the audit log's word."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from bpo.audit.models import Entry
from bpo.files.services import path_of
from reports.content.document import canonical, digest
from reports.models import ReportFile, ReportVersion


@dataclass(frozen=True, slots=True)
class Broken:
    """What does not hold of one revision."""

    week: str
    revision: int
    what: str


def verify() -> tuple[int, list[Broken]]:
    """How many revisions there are here, and what is wrong with any."""
    reports = list(ReportVersion.objects.prefetch_related("files__file").order_by("period_start", "revision"))
    said = {
        entry.target_id: entry.detail
        for entry in Entry.objects.filter(action="reports.frozen", target_type=ReportVersion._meta.label)
    }
    broken = [
        Broken(report.period_start.isoformat(), report.revision, what)
        for report in reports
        for what in _problems(report, said.get(str(report.pk), {}))
    ]
    return len(reports), broken


def _problems(report: ReportVersion, said: dict[str, Any]) -> list[str]:
    found = []
    if digest(report.text) != report.sha256:
        found.append("the text is not what its hash says")
    if said.get("sha256") != report.sha256:
        found.append("the hash is not the one the audit log has")
    if not _columns_agree(report):
        found.append("the row says otherwise than its text")
    kept = said.get("files", {})
    for one in report.files.all():
        if one.sha256 != kept.get(one.kind) or not _bytes_agree(one):
            found.append(f"the {one.kind.upper()} is not the file that was frozen")
    if {one.kind for one in report.files.all()} != set(kept):
        found.append("a file is missing")
    return found


def _columns_agree(report: ReportVersion) -> bool:
    try:
        content = json.loads(report.text)
        said = (content["period"]["start"], content["period"]["end"], content["revision"], content["reason"])
        return canonical(content) == report.text and said == (
            report.period_start.isoformat(),
            report.period_end.isoformat(),
            report.revision,
            report.reason,
        )
    except (ValueError, KeyError, TypeError):
        return False


def _bytes_agree(one: ReportFile) -> bool:
    try:
        with path_of(one.file).open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == one.sha256
    except FileNotFoundError:
        return False
