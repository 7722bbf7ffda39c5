"""What each permission lets somebody do, in words, under the part of the product it is about. A test wants all of them."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bpo.permissions import Permission

P = Permission
Words = str | Promise
# Area → its permissions in the order they are told.
AREAS: tuple[tuple[Words, dict[Permission, Words]], ...] = (
    (
        _("Everyday"),
        {
            P.SEE_HOME: _("sign in and see their first page"),
            P.SEE_NOTICES: _("read their notices"),
            P.ENTER_CLIENT: _("cross to the clients they have a role at"),
        },
    ),
    (
        _("Interactions and cases"),
        {
            P.SEE_INTERACTIONS: _("see interactions"),
            P.WRITE_INTERACTIONS: _("send interactions over the API"),
            P.SEE_CASES: _("see cases"),
            P.RESOLVE_CASES: _("resolve and reopen cases"),
            P.EDIT_CUSTOMERS: _("correct customers"),
            P.PLAY_RECORDINGS: _("play recordings"),
            P.HEAR_REDACTED: _("hear recordings with the redacted parts silenced"),
            P.ADD_RECORDINGS: _("add recordings, one or many"),
            P.REDACT_RECORDINGS: _("redact recordings"),
            P.EXPORT_SUBJECT: _("export everything held about a person"),
            P.ERASE_SUBJECT: _("erase a person"),
        },
    ),
    (
        _("Satisfaction"),
        {P.SEE_CSAT: _("see CSAT and comments"), P.SEE_ANSWERS: _("see answers one by one")},
    ),
    (
        _("Quality"),
        {
            P.SCORE: _("score interactions"),
            P.TAKE_REVIEWS: _("take reviews over from others"),
            P.PLAN_SAMPLES: _("plan random samples"),
            P.SEE_EVALUATIONS: _("see evaluations"),
            P.EDIT_SCORECARDS: _("edit scorecards"),
            P.PUBLISH_SCORECARDS: _("publish scorecards that others wrote"),
            P.SEE_OWN_REVIEWS: _("see their own reviews"),
            P.COACH: _("give coaching notes, share and answer them"),
            P.SEE_CLIENT_EVALUATIONS: _("see released evaluations as a client is shown them"),
            P.SEE_KNOWLEDGE: _("read knowledge"),
            P.EDIT_KNOWLEDGE: _("write and publish knowledge, and see where it is missing"),
        },
    ),
    (
        _("Schedule"),
        {
            P.SEE_FORECAST: _("see forecast and staffing"),
            P.PLAN_SCHEDULE: _("forecast, staff and publish schedules"),
            P.SEE_SCHEDULE: _("see the published schedule"),
            P.SEE_OWN_SCHEDULE: _("see their own shifts"),
        },
    ),
    (
        _("Reports"),
        {P.SEE_REPORTS: _("read reports"), P.BUILD_REPORTS: _("ask for reports and revise them")},
    ),
    (
        _("Files and API"),
        {
            P.SEE_IMPORTS: _("see imports"),
            P.IMPORT_INTERACTIONS: _("import interactions"),
            P.IMPORT_INTERVALS: _("import counts by interval"),
            P.IMPORT_RESPONSES: _("import answers"),
            P.DOWNLOAD_FILES: _("download imported files"),
            P.SEE_API_DOCS: _("read about the API"),
            P.MAKE_TOKENS: _("make API tokens of their own"),
            P.MANAGE_WEBHOOKS: _("say where events are sent"),
        },
    ),
    (
        _("People"),
        {
            P.SEE_PEOPLE: _("see everybody employed"),
            P.EDIT_PEOPLE: _("record who leaves"),
            P.IMPORT_PEOPLE: _("import people"),
            P.SEE_ATTRITION: _("see attrition"),
        },
    ),
    (
        _("Running the clients"),
        {
            P.KEEP_LIBRARY: _("keep the library of scorecards"),
            P.SEE_CLIENTS: _("see every client's totals"),
            P.OPEN_CLIENT: _("open clients"),
            P.CHANGE_CLIENT: _("suspend, archive and delete clients"),
            P.EXPORT_CLIENT: _("export clients"),
            P.GIVE_ACCESS: _("give and end access"),
            P.STEP_IN: _("step into a client, with a reason and for minutes"),
            P.LOOK_INSIDE: _("look at every row of a client they stepped into"),
            P.SEE_JOBS: _("see jobs and run them again"),
            P.USE_ADMIN: _("look into the admin"),
        },
    ),
    (
        _("Audit"),
        {
            P.SEE_AUDIT: _("read the audit log"),
            P.SEE_OPERATOR_AUDIT: _("read the operator's audit log"),
        },
    ),
)


def by_area(permissions: Iterable[Permission]) -> list[tuple[str, list[str]]]:
    """What these permissions allow, area by area; areas without any are left out."""
    held = set(permissions)
    told = [(str(area), [str(words) for one, words in known.items() if one in held]) for area, known in AREAS]
    return [(area, lines) for area, lines in told if lines]
