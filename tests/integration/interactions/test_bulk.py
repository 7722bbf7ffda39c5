"""Many recordings at once: each file of an archive is taken, known already, or refused by name with a remedy."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from accounts.models import Membership
from bpo.audit.models import Entry
from bpo.files.models import StoredFile
from bpo.files.services import folder_of, path_of
from bpo.imports.models import ImportRun, RejectedRow
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import current_client, enter
from interactions.models import Actor, Interaction, Recording, Team
from tests.integration.interactions.sounds import HTML, call, encoded, tone, zipped
from tests.people import sign_in

SOUND = encoded(tone(1))
OTHER = encoded(tone(1, hertz=300), "MP3")
pytestmark = pytest.mark.usefixtures("own_files")


def calls(*numbers: str, **more: Any) -> None:
    for number in numbers:
        call(timezone.now(), number, **more)


def run_command(path: Path, *flags: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and what was said as JSON."""
    out = io.StringIO()
    try:
        call_command("import_recordings", str(path), "--client", "alpha", "--json", *flags, stdout=out)
    except SystemExit as error:
        return int(str(error.code)), json.loads(out.getvalue())
    except CommandError as error:
        return error.returncode, {"error": str(error)}
    return 0, json.loads(out.getvalue())


def packed(folder: Path, members: dict[str, bytes], name: str = "calls.zip") -> Path:
    path = folder / name
    path.write_bytes(zipped(members))
    return path


def kept() -> list[Path]:
    """Every file of the client on disk; inside it."""
    return [one for one in folder_of(current_client().id).rglob("*") if one.is_file()]


def test_each_file_goes_to_the_interaction_it_is_named_after(alpha: Any, tmp_path: Path) -> None:
    with enter(alpha.ref()):
        calls("c-1", "c-2", "c.3", "c-4")
    path = packed(tmp_path, {
        "c-1.wav": SOUND, "deep/er/c-2.mp3": OTHER, "c.3.whatever": encoded(tone(2), "OGG"), "nobody.wav": SOUND,
        "c-4.wav": HTML, "__MACOSX/c-1.wav": b"x", "deep/.DS_Store": b"x",
    })  # fmt: skip
    code, told = run_command(path)
    assert code == 1
    assert {key: told[key] for key in ("file_rows", "created", "updated", "unchanged")} == {
        "file_rows": 5, "created": 3, "updated": 0, "unchanged": 0,
    }  # fmt: skip
    assert [(one["row"], one["field"]) for one in told["rejected"]] == [(2, "c-4.wav"), (5, "nobody.wav")]
    assert "no sound we know" in told["rejected"][0]["problem"]
    assert all(one["remedy"] for one in told["rejected"])
    with enter(alpha.ref()):
        lengths = Recording.objects.values_list("interaction__external_id", "duration_ms").order_by("duration_ms")
        assert {name for name, _ in lengths} == {"c-1", "c-2", "c.3"}
        [run] = ImportRun.objects.all()
        assert (run.state, run.rejected, RejectedRow.objects.count()) == ("done", 2, 2)
        assert not path_of(run.file).exists(), "the archive has done its work"
        assert len(kept()) == 3
        before = set(kept())
    assert run_command(path)[1]["unchanged"] == 3
    with enter(alpha.ref()):
        assert Recording.objects.count() == 3
        assert set(kept()) == before


def test_a_dry_run_tells_the_same_and_keeps_nothing(alpha: Any, tmp_path: Path) -> None:
    with enter(alpha.ref()):
        calls("c-1", "c-2")
    path = packed(tmp_path, {"c-1.wav": SOUND, "c-2.wav": b"", "x.wav": SOUND})
    code, told = run_command(path, "--dry-run")
    assert (code, told["created"], len(told["rejected"])) == (1, 1, 2)
    with enter(alpha.ref()):
        assert not Recording.objects.exists()
        assert not ImportRun.objects.exists()
        assert not StoredFile.objects.exists()
        assert not Entry.objects.filter(action="recording.added").exists()
        assert kept() == []
    code, again = run_command(path)
    assert (code, again["rejected"]) == (1, told["rejected"])


def test_one_sound_alone_is_an_import_too(alpha: Any, tmp_path: Path) -> None:
    with enter(alpha.ref()):
        calls("c-1")
    (tmp_path / "c-1.mp3").write_bytes(OTHER)
    assert run_command(tmp_path / "c-1.mp3") == (
        0,
        {"file_rows": 1, "created": 1, "updated": 0, "unchanged": 0, "rejected": []},
    )


def test_a_manifest_says_what_names_do_not(alpha: Any, tmp_path: Path) -> None:
    with enter(alpha.ref()):
        calls("c-1", "c/2", "c-3", "c-5")
        calls("c-1", source="other")
    manifest = (
        "File name,Call ID,Source,Consent\r\n"
        "a.wav,c-1,other,given\r\nb.wav,c/2,,refused\r\nc.wav,c-3,,perhaps\r\ngone.wav,c-5,,\r\n"
        "d.wav,c-5,,\r\nd.wav,c-5,,\r\n"
    )
    path = packed(tmp_path, {
        "manifest.csv": manifest.encode("utf-8-sig"), "a.wav": SOUND, "b.wav": OTHER, "c.wav": SOUND, "d.wav": SOUND,
        "c-1.wav": SOUND,
    })  # fmt: skip
    code, told = run_command(path)
    assert (code, told["file_rows"], told["created"]) == (1, 6, 2)
    assert {one["field"]: one["problem"] for one in told["rejected"]} == {
        "c-1.wav": "Several interactions have the reference “c-1”.",
        "c.wav": "The manifest says “perhaps” for consent.",
        "d.wav": "The manifest names it more than once.",
        "gone.wav": "The manifest names it and the archive doesn't hold it.",
    }
    with enter(alpha.ref()):
        got = Recording.objects.values_list("interaction__source", "interaction__external_id", "interaction__consent")
        assert set(got) == {("other", "c-1", "given"), ("acd", "c/2", "refused")}
    changed = manifest.replace("c-1,other,given", "c-1,other,refused").encode()
    path = packed(tmp_path, {"manifest.csv": changed, "a.wav": SOUND, "b.wav": OTHER})
    told = run_command(path)[1]
    assert (told["updated"], told["unchanged"]) == (1, 1)


def test_what_an_interaction_has_is_never_replaced(alpha: Any, tmp_path: Path) -> None:
    with enter(alpha.ref()):
        calls("c-1")
    run_command(packed(tmp_path, {"c-1.wav": SOUND}))
    code, told = run_command(packed(tmp_path, {"c-1.wav": OTHER}))
    assert code == 1
    assert "another recording already" in told["rejected"][0]["problem"]


def hostile(**attributes: Any) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(attributes.pop("filename"))
    for name, value in attributes.items():
        setattr(info, name, value)
    return info


NAMES = {
    "../c-1.wav": "leads out", "a/../../c-1.wav": "leads out", "/etc/c-1.wav": "leads out", "C:\\c-1.wav": "leads out",
    "..\\c-1.wav": "leads out", "c-1\n.wav": "leads out",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_out_of_the_archive_is_refused(alpha: Any, tmp_path: Path, name: str) -> None:
    with enter(alpha.ref()):
        calls("c-1")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(hostile(filename=name), SOUND)
    code, told = run_command(tmp_path / "x.zip")
    assert (code, told["created"]) == (1, 0)
    assert NAMES[name] in told["rejected"][0]["problem"]
    assert told["rejected"][0]["field"].isprintable()
    with enter(alpha.ref()):
        assert kept() == []


def link(folder: Path) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(hostile(filename="c-1.wav", external_attr=0o120777 << 16), "/etc/passwd")
    return target.getvalue()


def locked(folder: Path) -> bytes:
    """The flag of a password set in both headers."""
    content = bytearray(zipped({"c-1.wav": SOUND}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def strange(folder: Path) -> bytes:
    return zipped({"c-1.wav": SOUND}, zipfile.ZIP_LZMA)


def shrunk(folder: Path) -> bytes:
    return zipped({"c-1.wav": b"\0" * 20_000_000}, zipfile.ZIP_DEFLATED)


def lying(folder: Path) -> bytes:
    """The directory says ten bytes, the member holds more."""
    content = bytearray(zipped({"c-1.wav": SOUND}))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(content)


def broken(folder: Path) -> bytes:
    content = bytearray(zipped({"c-1.wav": SOUND}))
    content[200] ^= 0xFF
    return bytes(content)


def nested(folder: Path) -> bytes:
    return zipped({"c-1.wav": zipped({"c-1.wav": SOUND})})


MEMBERS = {
    link: "no file", locked: "password", strange: "packed in a way", shrunk: "500 times", lying: "", broken: "damaged",
    nested: "no sound we know",
}  # fmt: skip


@pytest.mark.parametrize("make", MEMBERS, ids=lambda one: one.__name__)
def test_a_hostile_member_is_refused_alone(alpha: Any, tmp_path: Path, make: Any) -> None:
    with enter(alpha.ref()):
        calls("c-1")
    (tmp_path / "x.zip").write_bytes(make(tmp_path))
    code, told = run_command(tmp_path / "x.zip")
    assert (code, told["created"], len(told["rejected"])) == (1, 0, 1)
    assert MEMBERS[make] in told["rejected"][0]["problem"]
    assert told["rejected"][0]["field"] == "c-1.wav"
    with enter(alpha.ref()):
        assert not Recording.objects.exists()
        assert kept() == []


def bomb(folder: Path) -> bytes:
    return zipped({f"c-{n}.wav": b"\0" * 900_000 for n in range(30)}, zipfile.ZIP_DEFLATED)


def crowd(folder: Path) -> bytes:
    return zipped({f"c-{n}.wav": b"" for n in range(5_001)})


def no_archive(folder: Path) -> bytes:
    return b"PK\x03\x04" + b"\0" * 100


def empty(folder: Path) -> bytes:
    return b"PK\x03\x04" + zipped({})


def odd_manifest(folder: Path) -> bytes:
    return zipped({"manifest.csv": b"a,b\r\n1,2\r\n", "c-1.wav": SOUND})


WHOLE = {bomb: "Unpacked", crowd: "5001 files", no_archive: "no ZIP", empty: "empty", odd_manifest: "no column"}


@pytest.mark.parametrize("make", WHOLE, ids=lambda one: one.__name__)
def test_a_hostile_archive_is_refused_whole_and_not_kept(alpha: Any, tmp_path: Path, make: Any) -> None:
    with enter(alpha.ref()):
        calls("c-1")
    (tmp_path / "x.zip").write_bytes(make(tmp_path))
    with override_settings(MAX_IMPORT_BYTES=2_000_000):
        code, told = run_command(tmp_path / "x.zip")
    assert code == 2
    assert WHOLE[make] in told["error"]
    with enter(alpha.ref()):
        assert not ImportRun.objects.exists()
        assert not StoredFile.objects.exists()


def send(browser: Any, **files: bytes) -> Any:
    sent = [SimpleUploadedFile(name.replace("__", "-") + ".wav", content) for name, content in files.items()]
    return browser.post("/recordings/import/", {"recordings": sent})


def work(client: Any) -> None:
    for job in Job.objects.filter(kind="imports.run", client=client, state="ready"):
        assert execute(job.pk, job.kind) == "done"


def test_files_sent_on_the_page_are_a_run_with_every_file_accounted_for(alpha: Any) -> None:
    with enter(alpha.ref()):
        calls("c-1", "c-2")
    lead = sign_in("alpha", "team_lead")
    assert "Import recordings" in lead.get("/imports/").content.decode()
    answer = send(lead, c__1=SOUND, c__2=HTML, nobody=b"")
    assert answer.status_code == 302
    work(alpha)
    page = lead.get(answer["Location"]).content.decode()
    assert "1 of 3 recordings imported" in page
    for text in ("c-2.wav", "no sound we know", "nobody.wav", "/recordings/import/"):
        assert text in page
    assert "c-2.wav" in lead.get(f"{answer['Location']}problems.csv").content.decode()
    with enter(alpha.ref()):
        assert Recording.objects.get().interaction.external_id == "c-1"
        line = Entry.objects.get(action="recording.added")
        assert Actor.objects.get(pk=line.actor_id).display_name == "Team Lead"


def test_what_cannot_be_read_at_all_comes_back_with_the_reason(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    assert lead.get("/recordings/import/").status_code == 200
    nothing = lead.post("/recordings/import/", {})
    assert (nothing.status_code, "No file came" in nothing.content.decode()) == (422, True)
    answer = lead.post("/recordings/import/", {"recordings": [SimpleUploadedFile("x.zip", b"PK\x03\x04broken")]})
    assert (answer.status_code, "no ZIP archive" in answer.content.decode()) == (422, True)
    both = [SimpleUploadedFile("x.zip", zipped({"a.wav": SOUND})), SimpleUploadedFile("b.wav", SOUND)]
    answer = lead.post("/recordings/import/", {"recordings": both})
    assert (answer.status_code, "together with other files" in answer.content.decode()) == (422, True)
    with enter(alpha.ref()):
        assert not ImportRun.objects.exists()
    assert sign_in("alpha", "planner").get("/recordings/import/").status_code == 403


def test_a_lead_of_some_teams_imports_for_them_alone(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        here, there = (Team.objects.create(name=name) for name in ("Here", "There"))
        me = Actor.objects.get(display_name="Team Lead")
        Actor.objects.filter(pk=me.pk).update(team=here)
        far = Actor.objects.create(display_name="Far", pseudonym="F", team=there)
        calls("mine", agent=me)
        calls("theirs", agent=far)
    Membership.objects.filter(user__email="team-lead@alpha.example").update(scope="self")
    send(lead, mine=SOUND, theirs=SOUND)
    work(alpha)
    with enter(alpha.ref()):
        assert Recording.objects.get().interaction.external_id == "mine"
        assert "no interaction with the reference" in RejectedRow.objects.get().problem


def test_a_run_killed_before_its_archive_was_removed_removes_it_when_tried_again(
    alpha: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with enter(alpha.ref()):
        calls("c-1")
    lead = sign_in("alpha", "team_lead")
    send(lead, c__1=SOUND)
    with enter(alpha.ref()):
        from bpo.imports.services import execute_run

        [run] = ImportRun.objects.all()

        def die(_digest: str) -> None:
            raise OSError("killed")

        with monkeypatch.context() as patched, pytest.raises(OSError, match="killed"):
            patched.setattr("bpo.imports.services.delete_bytes", die)
            execute_run(run_id=run.pk)
        assert path_of(run.file).exists()
        execute_run(run_id=run.pk)
        assert not path_of(run.file).exists()
        assert Interaction.objects.filter(recording__isnull=False).count() == 1
