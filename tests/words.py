"""What a page says to the one who reads it."""

import html
import re
from typing import Any


def text_of(page: Any) -> str:
    """A response's text, without tags and with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())
