"""Small forms to start from, one for each way of counting. Own examples, in the shape that known products count by."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qa.domain.documents import read

HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Preset:
    name: str
    label: str | Promise

    def content(self) -> dict[str, Any]:
        return read((HERE / f"{self.name}.json").read_text(encoding="utf-8")).content


PRESETS: Final = {
    one.name: one
    for one in (
        Preset("nested", _("Example: sections, then questions by weight (as MaestroQA counts)")),
        Preset("flat", _("Example: questions by weight (as Zendesk QA counts)")),
        Preset("points", _("Example: points (as Amazon Connect counts)")),
        Preset("points_x_weight", _("Example: points times section weight (as Genesys Cloud counts)")),
    )
}
