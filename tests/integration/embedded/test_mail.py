"""The sink and its page, over real sockets."""

import http.client
import json
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from bpo.embedded.mail import Sink, read_log
from bpo.embedded.mail_page import Page
from bpo.embedded.ports import free_port, listens

REPO = Path(__file__).parents[3]


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with Sink(tmp_path / "mail") as sink:
        yield sink


def send(port: int, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "Desk <desk@example.com>"
    message["To"] = "ana@example.com"
    message["Message-ID"] = f"<{len(subject)}@example.com>"
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.send_message(message, "bounce@example.com", ["ana@example.com", "bo@example.com"])
    return message


def get(port: int, path: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, dict(answer.getheaders()), body


def test_an_accepted_message_is_a_file_and_a_line_of_the_log(sink: Sink) -> None:
    send(sink.port, "Łódź survey", "Hello\nthere\n")
    (mail,) = sink.messages()
    assert (mail.message_id, mail.sender, mail.subject) == ("<11@example.com>", "bounce@example.com", "Łódź survey")
    assert mail.to == ["ana@example.com", "bo@example.com"]
    assert sink.text(mail) == "Hello\nthere\n"
    assert json.loads((sink.folder / "log.jsonl").read_text())["file"] == mail.file


def test_a_half_written_last_line_is_not_read(sink: Sink) -> None:
    send(sink.port, "one", "1")
    with (sink.folder / "log.jsonl").open("a") as log:
        log.write('{"file": "x')
    assert [mail.subject for mail in read_log(sink.folder)] == ["one"]


def test_messages_survive_a_new_sink_on_the_same_folder(tmp_path: Path) -> None:
    for subject in ("one", "two"):
        with Sink(tmp_path) as sink:
            send(sink.port, subject, "text")
    assert [mail.subject for mail in sink.messages()] == ["one", "two"]


def test_the_page_lists_the_newest_first_and_shows_one(sink: Sink) -> None:
    send(sink.port, "first", "text")
    send(sink.port, "second", "See https://acme.localhost:8000/v/abc?x=1&y=2.\n")
    with Page(sink.folder) as page:
        status, headers, listed = get(page.port, "/")
        _, _, shown = get(page.port, f"/{sink.messages()[1].file}")
        _, kinds, source = get(page.port, f"/{sink.messages()[1].file}/source")
    assert status == 200
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert listed.index("second") < listed.index("first")
    assert '<a href="https://acme.localhost:8000/v/abc?x=1&amp;y=2" rel="noreferrer noopener">' in shown
    assert kinds["Content-Type"] == "text/plain; charset=utf-8"
    assert "Subject: second" in source


def test_hostile_text_is_shown_and_not_run(sink: Sink) -> None:
    send(sink.port, "<script>alert(1)</script>", '<img src=x onerror=alert(1)> https://x.test/"><b>\n')
    with Page(sink.folder) as page:
        pages = get(page.port, "/")[2] + get(page.port, f"/{sink.messages()[0].file}")[2]
    assert "<script" not in pages
    assert "<img" not in pages
    assert "<b>" not in pages
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages


def test_an_empty_folder_says_so_and_a_wrong_path_is_not_found(tmp_path: Path) -> None:
    with Page(tmp_path) as page:
        assert "No mail yet" in get(page.port, "/")[2]
        for path in ("/../../etc/passwd", "/log.jsonl", "/20261124T000000000000-deadbeef.eml"):
            assert get(page.port, path)[0] == 404
        assert get(page.port, "/", "HEAD")[2] == ""


def test_it_runs_as_a_program_and_ends_on_term(tmp_path: Path, wait: object) -> None:
    smtp, web = free_port(21025)[0], free_port(28025)[0]
    command = ["--smtp-port", str(smtp), "--http-port", str(web), "--folder", str(tmp_path / "mail")]
    program = subprocess.Popen([sys.executable, "-m", "bpo.embedded.mail", *command], cwd=REPO)
    wait(lambda: listens(smtp) and listens(web))
    send(smtp, "program", "text")
    assert "program" in get(web, "/")[2]
    program.terminate()
    assert program.wait(timeout=10) == 0
