"""A message of the embedded broker is not there until it is whole."""

from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

from bpo import broker
from bpo.broker import Channel, install


def connected(folder: Path) -> Connection:
    install()
    paths = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control")}
    (folder / "control").mkdir()
    return Connection("filesystem://", transport_options=paths)


def test_nobody_reads_a_message_before_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with connected(tmp_path) as connection:
        channel = connection.channel()
        assert isinstance(channel, Channel)
        looked = []
        rename = Path.rename

        def look_first(self: Path, target: Any) -> Path:
            with pytest.raises(Empty):
                channel._get("mail")
            looked.append(self.name)
            return rename(self, target)

        monkeypatch.setattr(broker.Path, "rename", look_first)
        channel._put("mail", {"body": "one"})
        assert len(looked) == 1
        assert channel._get("mail") == {"body": "one"}
        with pytest.raises(Empty):
            channel._get("mail")
