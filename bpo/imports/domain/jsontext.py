"""JSON from strangers: bounded in size and depth before it is parsed, and without repeated keys."""

import json
import re

from .problems import ExplainedError
from .words import phrase as _

MAX_DEPTH = 32
MAX_BYTES = 1_000_000

_BRACKET_OR_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


class JsonError(ExplainedError):
    """The text is not JSON that we accept."""


def load_json(data: bytes | str, *, max_depth: int = MAX_DEPTH, max_bytes: int = MAX_BYTES) -> object:
    """Parse JSON. Raises JsonError when it is too large, too deep, not UTF-8, not JSON or repeats a key.

    The depth is counted before parsing, so ten thousand brackets cost one scan and no recursion.
    """
    if len(data) > max_bytes:
        raise JsonError(_("The JSON text is longer than {limit} bytes.", limit=max_bytes), _("Send less at a time."))
    text = data if isinstance(data, str) else _decoded(data)
    if depth(text) > max_depth:
        raise JsonError(
            _("The JSON text nests more than {limit} levels deep.", limit=max_depth),
            _("Flatten it; nothing here needs that depth."),
        )
    try:
        return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except JsonError:
        raise
    except ValueError as error:
        raise _not_json(error) from error


def _not_json(error: ValueError) -> JsonError:
    if not isinstance(error, json.JSONDecodeError):
        return JsonError(_("A number has too many digits."), _("Write it as text."))
    return JsonError(
        _("Line {line}, column {column} is not JSON.", line=error.lineno, column=error.colno),
        _("Correct the text there; a comma or a quote is often missing just before."),
    )


def depth(text: str) -> int:
    """Return how deep brackets nest outside strings."""
    level = deepest = 0
    for token in _BRACKET_OR_STRING.finditer(text):
        if token[0] in "[{":
            level += 1
            deepest = max(deepest, level)
        elif token[0] in "]}":
            level -= 1
    return deepest


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JsonError(
            _("The text is not UTF-8 at byte {place}.", place=error.start + 1), _("Save it as UTF-8.")
        ) from error


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise JsonError(_('The key "{key}" occurs twice.', key=repeated), _("Keep one of them."))
    return found


def _no_constant(name: str) -> object:
    raise JsonError(_("{name} is not a JSON value.", name=name), _("Write a number, a text or null."))
