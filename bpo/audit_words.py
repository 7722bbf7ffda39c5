"""What the audit logs say, in words. An action without words here fails a test (tests/architecture/test_audit_words)."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# What a line is about. A model in the log without words here fails the same test.
KINDS: dict[str, str | Promise] = {
    "workforce.Assignment": gettext_lazy("Assignment"),
    "console.Change": gettext_lazy("Change of a client's life"),
    "accounts.Client": gettext_lazy("Client"),
    "accounts.Domain": gettext_lazy("Domain"),
    "workforce.Duty": gettext_lazy("Duty"),
    "workforce.Employee": gettext_lazy("Person"),
    "workforce.Employment": gettext_lazy("Employment"),
    "workforce.Enrolment": gettext_lazy("Place in a class"),
    "accounts.HandOff": gettext_lazy("Crossing to a client"),
    "accounts.AuthenticatorApp": gettext_lazy("Authenticator app"),
    "accounts.Membership": gettext_lazy("Membership"),
    "accounts.Passkey": gettext_lazy("Passkey"),
    "accounts.RecoveryCode": gettext_lazy("Recovery code"),
    "accounts.SignInRule": gettext_lazy("Rule of signing in"),
    "outbox.Job": gettext_lazy("Job"),
    "console.Opening": gettext_lazy("Opening of a client"),
    "workforce.PeopleImport": gettext_lazy("Import of people"),
    "workforce.Placement": gettext_lazy("Placement"),
    "workforce.Seat": gettext_lazy("Seat"),
    "attrition.Separation": gettext_lazy("Separation"),
    "workforce.Site": gettext_lazy("Site"),
    "accounts.Token": gettext_lazy("Token"),
    "workforce.TrainingClass": gettext_lazy("Training class"),
    "accounts.User": gettext_lazy("User"),
    "workforce.WorkBlock": gettext_lazy("Work block"),
    "qa.Acknowledgement": gettext_lazy("Acknowledgement"),
    "interactions.Actor": gettext_lazy("Actor"),
    "reports.Build": gettext_lazy("Build of a report"),
    "interactions.Case": gettext_lazy("Case"),
    "interactions.Customer": gettext_lazy("Customer"),
    "interactions.Disposition": gettext_lazy("Disposition"),
    "scheduling.DraftShift": gettext_lazy("Shift of a plan"),
    "qa.Draw": gettext_lazy("Draw"),
    "qa.Evaluation": gettext_lazy("Evaluation"),
    "qa.EvaluationRevision": gettext_lazy("Revision of an evaluation"),
    "scheduling.Forecast": gettext_lazy("Forecast"),
    "imports.ImportRun": gettext_lazy("Import"),
    "interactions.Interaction": gettext_lazy("Interaction"),
    "interactions.Interval": gettext_lazy("Interval"),
    "interactions.Line": gettext_lazy("Line of a recording"),
    "qa.Note": gettext_lazy("Note"),
    "qa.NoteDraft": gettext_lazy("Draft of a note"),
    "scheduling.PublishedShift": gettext_lazy("Published shift"),
    "interactions.Queue": gettext_lazy("Queue"),
    "interactions.Reason": gettext_lazy("Reason"),
    "interactions.Recording": gettext_lazy("Recording"),
    "qa.Release": gettext_lazy("Release"),
    "reports.ReportFile": gettext_lazy("File of a report"),
    "reports.ReportVersion": gettext_lazy("Report"),
    "scheduling.Requirement": gettext_lazy("Requirement"),
    "interactions.Resolution": gettext_lazy("Resolution"),
    "qa.ReviewTask": gettext_lazy("Review"),
    "scheduling.SchedulePlan": gettext_lazy("Plan"),
    "scheduling.ScheduleVersion": gettext_lazy("Version of a plan"),
    "qa.Scorecard": gettext_lazy("Scorecard"),
    "qa.ScorecardDraft": gettext_lazy("Draft of a scorecard"),
    "qa.ScorecardVersion": gettext_lazy("Version of a scorecard"),
    "scheduling.ShiftTemplate": gettext_lazy("Shift template"),
    "interactions.Skill": gettext_lazy("Skill"),
    "files.StoredFile": gettext_lazy("File"),
    "surveys.Survey": gettext_lazy("Survey"),
    "surveys.SurveyVersion": gettext_lazy("Version of a survey"),
    "reports.Target": gettext_lazy("Target"),
    "interactions.Team": gettext_lazy("Team"),
}
ACTIONS: dict[str, str | Promise] = {
    # the operator
    "client.active": gettext_lazy("Client resumed"),
    "client.archive_asked": gettext_lazy("Archiving of a client asked for"),
    "client.archived": gettext_lazy("Client archived"),
    "client.asked": gettext_lazy("Client asked for"),
    "client.dropped": gettext_lazy("Client deleted"),
    "client.drop_asked": gettext_lazy("Grace of a client over"),
    "client.export_asked": gettext_lazy("Export of a client asked for"),
    "client.export_taken": gettext_lazy("Export of a client downloaded"),
    "client.exported": gettext_lazy("Client exported"),
    "client.keep_asked": gettext_lazy("Keeping a client after all asked for"),
    "client.restored": gettext_lazy("Client restored from an export"),
    "client.crossed": gettext_lazy("Crossed to a client"),
    "client.opened": gettext_lazy("Client opened"),
    "client.resume_asked": gettext_lazy("Resuming of a client asked for"),
    "client.suspend_asked": gettext_lazy("Suspending of a client asked for"),
    "client.suspended": gettext_lazy("Client suspended"),
    "client.trash_asked": gettext_lazy("Deletion of a client asked for"),
    "client.trashed": gettext_lazy("Client marked for deletion"),
    "demo.people_loaded": gettext_lazy("Demo people loaded"),
    "demo.seeded": gettext_lazy("Demo loaded"),
    "assignment.ended": gettext_lazy("Assignment ended by a move"),
    "assignment.started": gettext_lazy("Assigned to a client"),
    "employment.started": gettext_lazy("Employed"),
    "job.replayed": gettext_lazy("Job run again"),
    "jobs.replayed": gettext_lazy("Jobs run again"),
    "membership.granted": gettext_lazy("Role given"),
    "people.imported": gettext_lazy("Changed by an import"),
    "people_import.done": gettext_lazy("File of people imported"),
    "people_import.problems_downloaded": gettext_lazy("Rejected rows downloaded"),
    "people_import.queued": gettext_lazy("Import of people asked for"),
    "people_import.uploaded": gettext_lazy("File of people uploaded"),
    "placement.started": gettext_lazy("Placed in a team"),
    "second_step.codes_made": gettext_lazy("Recovery codes made"),
    "second_step.code_used": gettext_lazy("Signed in by a recovery code"),
    "second_step.made": gettext_lazy("Second step of signing in set up"),
    "second_step.removed": gettext_lazy("Second step of signing in removed"),
    "second_step.reset": gettext_lazy("Second step of signing in reset by an administrator"),
    "second_step.required": gettext_lazy("Second step asked of a client's users"),
    "separation.corrected": gettext_lazy("Separation corrected"),
    "separation.recorded": gettext_lazy("Separation recorded"),
    "separation.taken_back": gettext_lazy("Separation taken back"),
    "token.created": gettext_lazy("API token made"),
    # a client
    "case.reopened": gettext_lazy("Case reopened"),
    "case.resolved": gettext_lazy("Case resolved"),
    "customer.changed": gettext_lazy("Customer changed"),
    "customers.found": gettext_lazy("Customers found by a search"),
    "forecast.made": gettext_lazy("Forecast made"),
    "import.done": gettext_lazy("File imported"),
    "import.failed": gettext_lazy("File not imported"),
    "file.downloaded": gettext_lazy("File downloaded"),
    "import.problems_downloaded": gettext_lazy("Rejected rows downloaded"),
    "import.queued": gettext_lazy("Import asked for"),
    "import.uploaded": gettext_lazy("File uploaded"),
    "interactions.received": gettext_lazy("Interactions sent by another system"),
    "plan.build_asked": gettext_lazy("Roster asked for"),
    "plan.built": gettext_lazy("Roster built"),
    "plan.shift_added": gettext_lazy("Shift added"),
    "plan.shift_changed": gettext_lazy("Shift changed"),
    "plan.shift_moved": gettext_lazy("Shift moved"),
    "plan.shift_removed": gettext_lazy("Shift removed"),
    "qa.acknowledged": gettext_lazy("Review seen by its agent"),
    "qa.claimed": gettext_lazy("Review taken"),
    "qa.demo_filled": gettext_lazy("Demo reviews loaded"),
    "qa.handed_back": gettext_lazy("Review handed back"),
    "qa.queued": gettext_lazy("Put into the review queue"),
    "qa.released": gettext_lazy("Review shown to its agent"),
    "qa.sample_drawn": gettext_lazy("Sample drawn"),
    "qa.scorecard_published": gettext_lazy("Scorecard published"),
    "qa.skipped": gettext_lazy("Review skipped"),
    "qa.submitted": gettext_lazy("Evaluation submitted"),
    "qa.taken_back": gettext_lazy("Evaluation taken back"),
    "recording.played": gettext_lazy("Recording played"),
    "reports.announced": gettext_lazy("Report announced"),
    "reports.build_requested": gettext_lazy("Report asked for"),
    "reports.build_retried": gettext_lazy("Report asked for again"),
    "reports.frozen": gettext_lazy("Report frozen"),
    "reports.target_set": gettext_lazy("Target set"),
    "requirement.made": gettext_lazy("Requirement made"),
    "schedule.published": gettext_lazy("Schedule published"),
    "surveys.survey_published": gettext_lazy("Survey published"),
}

FIELDS: dict[str, str | Promise] = {
    "client": gettext_lazy("client"),
    "agent": gettext_lazy("agent"),
    "customers": gettext_lazy("customers"),
    "email": gettext_lazy("e-mail"),
    "from_ms": gettext_lazy("from, ms"),
    "change": gettext_lazy("change"),
    "key": gettext_lazy("key"),
    "last_day": gettext_lazy("last day"),
    "number": gettext_lazy("number"),
    "purpose": gettext_lazy("kept for"),
    "role": gettext_lazy("role"),
    "state": gettext_lazy("state"),
    "status": gettext_lazy("state"),
    "template": gettext_lazy("shift"),
    "to_ms": gettext_lazy("to, ms"),
    "zone": gettext_lazy("time zone"),
}


def action_words(action: str) -> str:
    """An action as people say it; one that is not known here reads like "some thing done"."""
    return str(ACTIONS[action]) if action in ACTIONS else action.replace("_", " ").replace(".", " ")


def field_words(key: str) -> str:
    return str(FIELDS.get(key, key.replace("_", " ")))


def value_words(value: Any) -> str:
    """A value of a detail on one line: yes and no, nothing as a dash, lists and mappings by their parts."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{field_words(str(key))} {value_words(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(value_words(one) for one in value)
    return str(value)
