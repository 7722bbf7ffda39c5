"""The three clients: a telephone company, a retailer, and a health-care appointment line."""

from typing import Final

from console.demo.plans import ClientPlan, PatternPlan, QueuePlan, ReasonPlan, SitePlan, TeamPlan
from console.demo.seeds import an_id

ABUSE: Final = ("Threatened the agent", "Insults and shouting", "Sexual remarks")
DISPOSITIONS: Final = (("settled", "Settled"), ("follow-up", "Follow-up promised"), ("passed-on", "Passed on"))
MANILA, KRAKOW, BOGOTA = "Manila, Ortigas", "Kraków, Zabłocie", "Bogotá, Chapinero"
COUNTRY: Final = {MANILA: "PH", KRAKOW: "PL", BOGOTA: "CO"}
_ZONES: Final = {MANILA: "Asia/Manila", KRAKOW: "Europe/Warsaw", BOGOTA: "America/Bogota"}

# Customers of Norvik live in the United States: their day is the night in Manila.
_AMERICAN_DAY = (9, 9, 8.5, 8, 7, 6, 4.5, 3, 2, 1.4, 1, 0.8, 0.7, 0.6, 0.6, 0.7, 0.9, 1.2, 1.8, 3, 5, 7, 8.5, 9)
_SHOPPING_DAY = (0, 0, 0, 0, 0, 0, 0, 2, 4, 6, 7, 7, 6.5, 6, 6, 6, 6.5, 7, 8, 9, 9, 7, 4, 0)
_WRITING_DAY = (1, 0.7, 0.5, 0.4, 0.5, 0.8, 2, 4, 7, 9, 9, 8, 7, 7, 7, 6.5, 6, 6, 6, 6.5, 7, 6, 4, 2)
_CLINIC_DAY = (0, 0, 0, 0, 0, 0, 0, 0, 12, 10, 8, 6.5, 5.5, 7, 7, 6, 5, 4, 0, 0, 0, 0, 0, 0)

# key, name, channel, answer within seconds, target, zone, opens, closes, weekends, a day, curve
_QUEUES: Final = {
    "norvik": (
        ("billing", "Billing", "voice", 20, "0.800", "Asia/Manila", 0, 24, True, 160, _AMERICAN_DAY),
        ("tech", "Technical support", "voice", 30, "0.800", "Asia/Manila", 0, 24, True, 138, _AMERICAN_DAY),
        ("moves", "Sales and moves", "voice", 20, "0.800", "Asia/Manila", 0, 24, True, 80, _AMERICAN_DAY),
    ),
    "sunda": (
        ("chat", "Live chat", "chat", 40, "0.850", "Europe/Warsaw", 7, 23, True, 105, _SHOPPING_DAY),
        ("email", "E-mail", "email", 14_400, "0.900", "Europe/Warsaw", 0, 24, True, 85, _WRITING_DAY),
        ("back", "Refunds back office", "back_office", 86_400, "0.950", "Europe/Warsaw", 0, 24, True, 30, _WRITING_DAY),
    ),
    "alder": (
        ("east", "Appointments East", "voice", 30, "0.800", "America/New_York", 8, 18, False, 120, _CLINIC_DAY),
        ("west", "Appointments West", "voice", 30, "0.800", "America/Los_Angeles", 8, 18, False, 80, _CLINIC_DAY),
    ),
}

# queue, key, name, share of the queue's work, seconds of handling by an experienced agent
_REASONS: Final = {
    "norvik": (
        ("billing", "bill-question", "Question about a bill", 0.38, 430),
        ("billing", "payment", "Payment arrangement", 0.26, 400),
        ("billing", "disputed-charge", "Disputed charge", 0.22, 560),
        ("billing", "card-update", "Payment card update", 0.14, 330),
        ("tech", "no-internet", "No internet", 0.34, 640),
        ("tech", "slow-internet", "Slow internet", 0.28, 590),
        ("tech", "router-setup", "Router set-up", 0.22, 540),
        ("tech", "outage", "Known outage", 0.16, 240),
        ("moves", "moving-home", "Moving home", 0.40, 520),
        ("moves", "upgrade", "Upgrade", 0.35, 480),
        ("moves", "cancellation", "Cancellation", 0.25, 600),
    ),
    "sunda": (
        ("chat", "where-is-order", "Where is my order", 0.42, 420),
        ("chat", "product-question", "Product question", 0.30, 380),
        ("chat", "voucher", "Voucher does not work", 0.28, 340),
        ("email", "return", "Return", 0.44, 480),
        ("email", "damaged", "Damaged on arrival", 0.31, 560),
        ("email", "missing-item", "Missing item", 0.25, 520),
        ("back", "refund", "Refund", 0.62, 540),
        ("back", "carrier-claim", "Claim against the carrier", 0.38, 900),
    ),
    "alder": (
        ("east", "book", "Book an appointment", 0.40, 330),
        ("east", "change", "Change an appointment", 0.27, 280),
        ("east", "referral", "Referral", 0.18, 420),
        ("east", "prescription", "Repeat prescription", 0.15, 300),
        ("west", "book-west", "Book an appointment (West)", 0.46, 340),
        ("west", "change-west", "Change an appointment (West)", 0.31, 290),
        ("west", "referral-west", "Referral (West)", 0.23, 430),
    ),
}
_TEAMS: Final = {
    "norvik": (
        ("Falcon", ("billing", "moves")),
        ("Heron", ("billing",)),
        ("Kite", ("tech",)),
        ("Osprey", ("tech", "billing")),
        ("Swift", ("moves", "tech")),
    ),
    "sunda": (("Amber", ("chat",)), ("Birch", ("chat", "email")), ("Cedar", ("email", "back"))),
    "alder": (("Harbour", ("east", "west")), ("Meadow", ("east", "west"))),
}
# key, name, local start, net minutes, share of the agents
_PATTERNS: Final = {
    "norvik": (
        ("night-21", "Night 21:00", 21 * 60, 510, 0.34),
        ("night-23", "Night 23:00", 23 * 60, 510, 0.26),
        ("early-06", "Early 06:00", 6 * 60, 510, 0.22),
        ("day-13", "Day 13:30", 13 * 60 + 30, 510, 0.18),
    ),
    "sunda": (("early-07", "Early 07:00", 7 * 60, 510, 0.48), ("late-14", "Late 14:30", 14 * 60 + 30, 510, 0.52)),
    "alder": (("east-08", "East 08:00", 8 * 60, 510, 0.60), ("west-12", "West 12:30", 12 * 60 + 30, 510, 0.40)),
}
_CLIENTS: Final = (
    ("norvik", "Norvik Telecom", "NV", "Asia/Manila", 1, MANILA, True),
    ("sunda", "Sunda Market", "SU", "Europe/Warsaw", 4, KRAKOW, True),
    ("alder", "Alder Valley Health", "AV", "America/New_York", 7, BOGOTA, False),
)
KEYS: Final = tuple(row[0] for row in _CLIENTS)


def sites(seed: int) -> tuple[SitePlan, ...]:
    return tuple(SitePlan(an_id(seed, "site", name), name, _ZONES[name], COUNTRY[name]) for name in COUNTRY)


def clients(seed: int) -> tuple[ClientPlan, ...]:
    """The three clients; their teams' leads are named once people are."""
    return tuple(
        ClientPlan(
            key, name, code, zone, colour, site, weekends,
            queues=tuple(QueuePlan(an_id(seed, key, "queue", row[0]), *row) for row in _QUEUES[key]),
            reasons=tuple(
                ReasonPlan(an_id(seed, key, "reason", own), own, label, queue, share, seconds)
                for queue, own, label, share, seconds in _REASONS[key]
            ),
            teams=tuple(TeamPlan(an_id(seed, key, "team", team), team, served) for team, served in _TEAMS[key]),
            patterns=tuple(PatternPlan(*row) for row in _PATTERNS[key]),
        )
        for key, name, code, zone, colour, site, weekends in _CLIENTS
    )  # fmt: skip
