"""The recording on an interaction's page, and the pages of the client's own people."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Membership
from bpo.audit.models import Entry
from bpo.tenancy.context import enter
from interactions.domain.spans import Span, clock, hushed, moment_ms
from interactions.models import Actor, Interaction, Line, Recording, Team
from interactions.voice import add_recording, redact, render_copy
from tests.integration.interactions.listening import BY, grant, recorded
from tests.integration.interactions.sounds import HTML, call, encoded, tone
from tests.people import sign_in
from tests.statements import statements

pytestmark = pytest.mark.usefixtures("own_files")
SECRET = "My word is Zquail."


def one_call(client: Any, number: str = "call-1", **more: Any) -> str:
    with enter(client.ref()):
        return f"/interactions/{call(timezone.now(), number, **more).pk}/"


def send(browser: Any, page: str, content: bytes, name: str = "c.wav") -> Any:
    return browser.post(f"{page}recording/", {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("role", ["operator_admin", "team_lead", "qa_analyst"])
def test_a_recording_is_added_on_the_page_and_can_be_played_there(alpha: Any, role: str) -> None:
    page, browser = one_call(alpha), sign_in("alpha", role)
    assert "Add the recording" in browser.get(page).content.decode()
    assert send(browser, page, encoded(tone(2)))["Location"] == page
    told = browser.get(page).content.decode()
    assert "Add the recording" not in told
    for words in ("/sound/", f"{page}sound/", "Silence it", "consent unknown", "No transcript"):
        assert words in told
    with enter(alpha.ref()):
        made = Recording.objects.get()
        for hidden in (str(made.file_id), made.file.sha256, str(made.pk)):
            assert hidden not in told
        assert Entry.objects.get(action="recording.added").actor_id is not None


@pytest.mark.parametrize(("content", "why"), [
    (HTML, "no sound we know"), (encoded(tone(1)) + HTML, "something else"), (encoded(tone(1))[:-9], "breaks off"),
    (b"", "The file is empty"),
])  # fmt: skip
def test_a_file_that_is_not_taken_comes_back_with_its_name_reason_and_remedy(
    alpha: Any, content: bytes, why: str
) -> None:
    page, lead = one_call(alpha), sign_in("alpha", "team_lead")
    answer = send(lead, page, content, "odd<b>.wav")
    told = answer.content.decode()
    assert (answer.status_code, why in told, "odd<b>" in told) == (422, True, False)
    assert "Export" in told or "Send" in told
    with enter(alpha.ref()):
        assert not Recording.objects.exists()


def test_a_second_recording_is_refused_and_nothing_sent_says_so(alpha: Any) -> None:
    page, lead = one_call(alpha), sign_in("alpha", "team_lead")
    assert lead.post(f"{page}recording/").status_code == 422
    send(lead, page, encoded(tone(1)))
    assert send(lead, page, encoded(tone(2))).status_code == 422
    with enter(alpha.ref()):
        assert Recording.objects.get().duration_ms == 1000


def test_who_may_not_add_or_hear_sees_that_there_is_one_and_no_more(alpha: Any) -> None:
    page, planner = one_call(alpha), sign_in("alpha", "planner")
    assert "No recording of this interaction." in planner.get(page).content.decode()
    send(sign_in("alpha", "team_lead"), page, encoded(tone(1)))
    told = planner.get(page).content.decode()
    assert "your role doesn" in told
    assert "/sound/" not in told
    for verb in ("recording", "consent", "silence", "unsilence"):
        assert planner.post(f"{page}{verb}/").status_code == 403


def test_parts_are_silenced_and_heard_again(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        made = recorded()
    page = f"/interactions/{made.interaction_id}/"
    sent = {"number": "0", "start": "0:01", "end": "0:02.5", "kind": "identity"}
    assert lead.post(f"{page}silence/", sent)["Location"] == page
    told = lead.get(page).content.decode()
    for words in ("0:01–0:02.5", "identity or sign-in", "copy for the client is being made", "removed, 2 s"):
        assert words in told
    assert SECRET in told, "staff hear and read it"
    stale = lead.post(f"{page}silence/", sent)
    assert (stale.status_code, "Somebody else changed" in stale.content.decode()) == (422, True)
    with enter(alpha.ref()):
        render_copy(recording_id=made.pk, by=BY, now=timezone.now())
    assert "copy for the client ready" in lead.get(page).content.decode()
    assert lead.post(f"{page}unsilence/", {"number": "1", "span": "0"}).status_code == 302
    assert lead.post(f"{page}unsilence/", {"number": "1", "span": "7"}).status_code == 302
    with enter(alpha.ref()):
        assert (Recording.objects.get().redactions, Recording.objects.get().spans_number) == ([], 2)


@pytest.mark.parametrize(("sent", "why"), [
    ({"start": "0:02", "end": "0:01"}, "after the start"), ({"start": "0:00", "end": "0:03.1"}, "at most 0:03"),
    ({"start": "x", "end": "0:01"}, "minutes and seconds"), ({"start": "-1", "end": "0:01"}, "minutes and seconds"),
    ({"start": "", "end": "0:01"}, "required"), ({"kind": "rude"}, "Select a valid choice"),
])  # fmt: skip
def test_a_part_that_cannot_be_comes_back_with_the_reason(alpha: Any, sent: dict[str, str], why: str) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        made = recorded()
    good = {"number": "0", "start": "0:00", "end": "0:01", "kind": "other"}
    answer = lead.post(f"/interactions/{made.interaction_id}/silence/", good | sent)
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    with enter(alpha.ref()):
        assert Recording.objects.get().redactions == []


def test_moments_are_read_as_people_write_them() -> None:
    for text, ms in (
        ("1:53", 113_000),
        ("1:53.5", 113_500),
        ("0:01:53", 113_000),
        ("113,25", 113_250),
        ("0", 0),
        ("1:00:00", 3_600_000),
    ):
        assert moment_ms(text) == ms
    for text in ("", "1:2:3:4", "١:٥٣", "1e3", "NaN", "99999999", "-5", "1:"):
        with pytest.raises(ValueError, match="no moment"):
            moment_ms(text)
    assert [clock(ms) for ms in (0, 950, 113_000, 113_500, 3_600_000)] == ["0:00", "0:01", "1:53", "1:53.5", "60:00"]


def test_consent_is_noted_and_refused_takes_the_player_away(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        made = recorded()
    page = f"/interactions/{made.interaction_id}/"
    assert lead.post(f"{page}consent/", {"consent": "perhaps"}).status_code == 422
    for word in ("given", "refused", "refused"):
        assert lead.post(f"{page}consent/", {"consent": word}).status_code == 302
    told = lead.get(page).content.decode()
    assert "refused to be recorded" in told
    assert "/sound/" not in told.replace(f"{page}sound/", "")
    with enter(alpha.ref()):
        details = [line.detail for line in Entry.objects.filter(action="interaction.consent_set").order_by("seq")]
        assert details == [{"before": "unknown", "consent": "given"}, {"before": "given", "consent": "refused"}]


def test_beyond_ones_reach_there_is_nothing_to_add_to(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        team = Team.objects.create(name="There")
        far = Actor.objects.create(display_name="Far", pseudonym="F", team=team)
        made = recorded(agent=far)
    Membership.objects.filter(user__email="team-lead@alpha.example").update(scope="teams")
    page = f"/interactions/{made.interaction_id}/"
    for verb in ("recording", "consent", "silence", "unsilence"):
        assert lead.post(f"{page}{verb}/", {"consent": "refused"}).status_code == 404


# --- The client's own people ---------------------------------------------------------------------------


def test_the_client_reads_what_was_said_but_in_the_silenced_parts(alpha: Any) -> None:
    grant(alpha)
    browser = sign_in("alpha", "client_user")
    with enter(alpha.ref()):
        agent = Actor.objects.create(display_name="Maricel Santos", pseudonym="Agent 7")
        made = recorded(kind="card", agent=agent)
        render_copy(recording_id=made.pk, by=BY, now=timezone.now())
    listed = browser.get("/recordings/").content.decode()
    page = browser.get(f"/recordings/{made.interaction_id}/").content.decode()
    for words in ("May I have the number?", "card number removed, 1 s", "Thanks.", "Agent 7", "/sound/"):
        assert words in page
    assert "1 part silent" in listed
    for hidden in (SECRET, "Zquail", "Maricel", str(made.file_id), made.file.sha256, "Silence it"):
        assert hidden not in page + listed
    assert 'href="/recordings/"' in browser.get("/notices/").content.decode(), "the rail leads there"


def test_the_client_is_told_what_is_being_prepared_and_what_was_refused(alpha: Any) -> None:
    grant(alpha)
    browser = sign_in("alpha", "client_user")
    with enter(alpha.ref()):
        waits, refused = recorded("1", kind="health"), recorded("2", consent="refused")
    for made, words in ((waits, "being prepared"), (refused, "refused to be recorded")):
        page = browser.get(f"/recordings/{made.interaction_id}/").content.decode()
        assert words in page
        assert "<audio" not in page
    listed = browser.get("/recordings/").content.decode()
    assert "being prepared" in listed
    assert "consent refused" in listed


def test_without_terms_there_are_no_such_pages_and_another_clients_is_missing(alpha: Any, beta: Any) -> None:
    with enter(beta.ref()):
        theirs = recorded()
    browser = sign_in("alpha", "client_user")
    assert browser.get("/recordings/").status_code == 403
    assert 'href="/recordings/"' not in browser.get("/notices/").content.decode()
    grant(alpha)
    assert "No recording yet" in browser.get("/recordings/").content.decode()
    assert browser.get(f"/recordings/{theirs.interaction_id}/").status_code == 404
    assert sign_in("alpha", "team_lead").get("/recordings/").status_code == 403


def test_the_list_takes_as_many_statements_for_three_rows_as_for_one(alpha: Any) -> None:
    grant(alpha)
    browser = sign_in("alpha", "client_user")
    with enter(alpha.ref()):
        recorded("1")
    browser.get("/recordings/")
    one = statements(lambda: browser.get("/recordings/"))
    with enter(alpha.ref()):
        recorded("2")
        recorded("3", kind="other")
    assert statements(lambda: browser.get("/recordings/")) == one == 7
    assert browser.get("/recordings/").content.decode().count("/recordings/0") == 3


def test_the_interaction_page_takes_as_many_statements_for_three_lines_as_for_one(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        one = call(timezone.now())
        Line.objects.create(interaction=one, number=1, speaker="agent", starts_ms=0, ends_ms=100, text="a")
        made = add_recording(
            interaction=one, stream=io.BytesIO(encoded(tone(1))), name="c.wav", by=BY, now=timezone.now()
        )
    page = f"/interactions/{one.pk}/"
    lead.get(page)
    before = statements(lambda: lead.get(page))
    with enter(alpha.ref()):
        for number in (2, 3):
            Line.objects.create(
                interaction=one, number=number, speaker="agent", starts_ms=number, ends_ms=number, text="b"
            )
        redact(recording_id=made.pk, spans=[Span(0, 9), Span(20, 30)], number=0, by=BY, now=timezone.now())
        assert Interaction.objects.count() == 1
    assert statements(lambda: lead.get(page)) == before


def test_how_loud_a_silenced_part_was_is_not_drawn() -> None:
    peaks = {"per_second": 4, "agent": [9] * 12, "customer": [7] * 12}
    drawn = hushed(peaks, [(1100, 1900)])
    assert drawn == {"per_second": 4, "agent": [9] * 4 + [0] * 4 + [9] * 4, "customer": [7] * 4 + [0] * 4 + [7] * 4}
    assert peaks["agent"] == [9] * 12
