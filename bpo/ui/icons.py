"""The icons: our own drawings on a 16 px grid, stroke 1.6, no fill. `body(name)` gives the SVG inside.

A name that isn't drawn raises, so a typing error fails the page's test instead of leaving a hole.
"""

_PATHS: dict[str, str] = {
    "bell": "M3 11.5h10l-1.2-2V7a3.8 3.8 0 0 0-7.6 0v2.5z M6.7 13.8h2.6",
    "inbox": "M2 9l2-6h8l2 6v4H2z M2 9h3.5l1 2h3l1-2H14",
    "people": "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z M1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4 M10.8 2.8a2.4 2.4 0 0 1 0 4.4 "
    "M12.2 9.8c1.5.6 2.3 1.9 2.3 3.7",
    "person": "M8 7.5A2.75 2.75 0 1 0 8 2a2.75 2.75 0 0 0 0 5.5z M2.8 14c0-2.8 2.2-4.5 5.2-4.5s5.2 1.7 5.2 4.5",
    "calendar": "M2.5 3.5h11v10h-11z M2.5 6.8h11 M5.3 1.8v3 M10.7 1.8v3",
    "chat": "M2.5 2.8h11v8H8l-3 2.7v-2.7H2.5z",
    "chart": "M3.5 13V8.5 M8 13V3 M12.5 13V6",
    "trend": "M2 2.5v11h12 M4.5 10.5l3-3.5 2.3 2L14 4",
    "search": "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z M10.3 10.3L14 14",
    "help": "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12z M6.3 6.4c.1-1 .8-1.6 1.7-1.6s1.8.6 1.8 1.5c0 1.3-1.8 1.3-1.8 2.5 M8 11.1v.1",
    "info": "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12z M8 7.3v3.7 M8 4.9V5",
    "lock": "M3.5 7h9v6.5h-9z M5.3 7V4.8a2.7 2.7 0 0 1 5.4 0V7",
    "check": "M3 8.5L6.5 12 13 4.5",
    "warning": "M8 2.2L14.5 13.5h-13z M8 6.5v3.3 M8 11.6v.1",
    "cross": "M3.5 3.5l9 9 M12.5 3.5l-9 9",
    "flag": "M3.5 14.5V2.5h9L10.5 6l2 3.5h-9",
    "clock": "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12z M8 4.8V8l2.2 1.6",
    "download": "M8 2v8.5 M4.5 7.3L8 10.8l3.5-3.5 M2.5 13.8h11",
    "upload": "M8 11V2.5 M4.5 6L8 2.5 11.5 6 M2.5 13.8h11",
    "eye": "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z M8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z",
    "home": "M2 7.5L8 2.2l6 5.3 M3.5 6.5v7h9v-7 M6.5 13.5V9.5h3v4",
    "bolt": "M9 1.5L3 9.2h4l-.5 5.3L13 6.8H9z",
    "gear": "M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z M8 1.8v2 M8 12.2v2 M1.8 8h2 M12.2 8h2 M3.6 3.6l1.4 1.4 "
    "M11 11l1.4 1.4 M3.6 12.4L5 11 M11 5l1.4-1.4",
    "chevron": "M3.5 6l4.5 4.5L12.5 6",
    "chevron-up": "M3.5 10L8 5.5l4.5 4.5",
    "chevron-right": "M6 3.5l4.5 4.5L6 12.5",
    "chevron-left": "M10 3.5L5.5 8l4.5 4.5",
    "phone": "M3.2 2.5h2.6l1.2 3-1.6 1.2c.7 1.6 2 2.9 3.7 3.7l1.2-1.6 3 1.2v2.6c-6 .9-11-4-10.1-10.1z",
    "mail": "M2 3.5h12v9H2z M2.3 4l5.7 5 5.7-5",
    "plus": "M8 3v10 M3 8h10",
    "minus": "M3 8h10",
    "back": "M13.5 8h-11 M6.5 3.8L2.3 8l4.2 4.2",
    "external": "M9.5 2.5h4v4 M13.5 2.5L7.5 8.5 M11.5 9.5v4h-9v-9h4",
    "undo": "M5.5 3L2.5 6l3 3 M2.5 6h7a4 4 0 0 1 0 8H6",
    "refresh": "M13.5 8a5.5 5.5 0 1 1-1.6-3.9 M12.2 1.5v3h-3",
    "swap": "M2 5h11 M10.3 2.3L13 5l-2.7 2.7 M14 11H3 M5.7 8.3L3 11l2.7 2.7",
    "page": "M3.5 1.8h9v12.4h-9z M6 5h4 M6 8h4 M6 11h2.5",
    "scales": "M8 2v11.5 M5 13.5h6 M2.5 4.5h11 M4 4.8L2 9.3c.3.9 1 1.4 2 1.4s1.7-.5 2-1.4L4 4.8z M12 4.8l-2 4.5c.3.9 1 1.4 2 1.4s1.7-.5 2-1.4z",
    "pencil": "M3 13l.6-2.8L11 2.8l2.2 2.2L5.8 12.4z M9.6 4.2l2.2 2.2",
    "trash": "M2.5 4.3h11 M6 4V2.3h4V4 M4 4.5l.7 9.2h6.6l.7-9.2",
    "filter": "M2 3.5h12 M4.3 8h7.4 M6.6 12.5h2.8",
    "list": "M5.5 3.8h8 M5.5 8h8 M5.5 12.2h8 M2.5 3.8v.1 M2.5 8v.1 M2.5 12.2v.1",
    "waveform": "M2.5 6.5v3 M5.2 3.5v9 M8 5.5v5 M10.8 2.5v11 M13.5 6.5v3",
    "play": "M5 3.2v9.6L12.5 8z",
    "pause": "M5.5 3.5v9 M10.5 3.5v9",
    "offline": "M2 2l12 12 M8 12.6v.1 M5.4 9.8A4 4 0 0 1 7.5 8.6 M3 7.2a7 7 0 0 1 2.2-1.5 M8 5c2 0 3.7.8 5 2.2 M10.3 9.2l.4.5",
    "leave": "M9.5 2.5h-6v11h6 M6.5 8h7.5 M11 5l3 3-3 3",
    "moon": "M13.3 9.7A5.8 5.8 0 0 1 6.3 2.7a5.8 5.8 0 1 0 7 7z",
    "columns": "M2.5 2.8h11v10.4h-11z M6.2 2.8v10.4 M9.8 2.8v10.4",
    "equals": "M3.5 6.2h9 M3.5 9.8h9",
}

NAMES = tuple(sorted(_PATHS))


def body(name: str) -> str:
    """Path data of one icon. Raises ValueError naming the icons there are."""
    try:
        return _PATHS[name]
    except KeyError:
        raise ValueError(f"No icon {name!r}. There are: {', '.join(NAMES)}.") from None
