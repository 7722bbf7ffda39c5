"""From a resolution over SMTP to a vote, with the mail read back from the server that took it."""

import email
import re
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client as Browser

from bpo.actors import By
from bpo.embedded.mail import Sink
from bpo.notices.mailing import send_mail
from bpo.notices.models import Mail
from bpo.tenancy.context import enter
from surveys.models import Response
from surveys.services import consider
from tests.integration.surveys.build import NOON, resolution


def test_the_mail_that_arrives_leads_to_one_vote(alpha: Any, tmp_path: Path, monkeypatch: Any) -> None:
    with enter(alpha.ref()):
        consider(resolution_ids=[resolution("ana@customer.example").pk], by=By("person", "x"), now=NOON)
        with Sink(tmp_path / "mail") as sink:
            monkeypatch.setattr(settings, "EMAIL_PORT", sink.port)
            send_mail(Mail.objects.get().pk)
            send_mail(Mail.objects.get().pk)
            (taken,) = sink.messages()
            raw = (sink.folder / taken.file).read_bytes()
        mail = Mail.objects.get()
    message = email.message_from_bytes(raw, policy=default)
    assert (mail.state, message["Message-ID"]) == ("sent", mail.message_id)
    assert message["To"] == "ana@customer.example"
    assert message.get_all("Auto-Submitted") == ["auto-generated"]
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]  # both are there
    links = re.findall(r"http://alpha\.bpo\.test/s/[\w-]{22}/\?score=\d", text)
    assert [link[-1] for link in links] == ["1", "2", "3", "4", "5"]
    assert re.findall(r'href="([^"]+)"', html) == links
    assert "<script" not in html
    assert "<img" not in html
    path = urlsplit(links[3]).path
    browser = Browser(HTTP_HOST="alpha.bpo.test")
    assert 'value="4" required checked' in browser.get(links[3]).content.decode()
    assert browser.post(path, {"score": "4"}).status_code == 303
    with enter(alpha.ref()):
        assert Response.objects.get().score == 4
