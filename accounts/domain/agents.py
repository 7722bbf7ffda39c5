"""A browser's User-Agent header in two words a person knows their own by."""

from typing import Final

# The first that is found counts: Edge and Opera also say Chrome, Chrome also says Safari.
BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def in_words(header: str) -> str:
    """ "Firefox · Windows"; one of the two when the other isn't known, and nothing when neither is."""
    found = [next((word for sign, word in table if sign in header), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(word for word in found if word)
