"""Shared parts of the API: strict JSON in, cursor pages out."""

import json
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import BaseParser

from bpo.cards import masked_all

MAX_BODY = 2_500_000
MAX_DEPTH = 32


class Cursor(CursorPagination):
    """Newest first; `page_size` up to 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-id"


class StrictJSONParser(BaseParser):
    """JSON of bounded size and depth, without NaN, infinity or repeated names; card numbers come in masked."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        return masked_all(loads(stream.read(MAX_BODY + 1)))


def loads(raw: bytes) -> Any:
    """Parse a request body. ParseError names what is wrong and how to mend it."""
    if len(raw) > MAX_BODY:
        raise ParseError(f"The body is over {MAX_BODY} bytes. Split it.")
    if deeper_than(raw, MAX_DEPTH):
        raise ParseError(f"The body nests over {MAX_DEPTH} levels deep. Flatten it.")
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise ParseError("The body is not UTF-8. Encode it as UTF-8.") from error
    except ValueError as error:
        raise ParseError(
            f"The body is not JSON: {error}. Send `Content-Type: application/json` and valid JSON."
        ) from error


def deeper_than(raw: bytes, limit: int) -> bool:
    """Whether brackets outside strings nest deeper than `limit`; one pass, no recursion."""
    depth, quoted, escaped = 0, False, False
    for byte in raw:
        if quoted:
            quoted, escaped = (byte != 0x22 or escaped), (byte == 0x5C and not escaped)
        elif byte == 0x22:
            quoted = True
        elif byte in b"[{":
            depth += 1
            if depth > limit:
                return True
        elif byte in b"]}":
            depth -= 1
    return False


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object repeats a name")
    return found


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")
