"""Who is in the demo by name, how many are hired when, and why people leave."""

from dataclasses import dataclass
from typing import Final

from console.demo.clients import BOGOTA, KRAKOW, MANILA
from console.demo.names import LONGEST


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody with a part to play. `parts` are (client, share); `team` for agents and leads; `signs_in` for logins."""

    name: str
    role: str
    site: str
    parts: tuple[tuple[str, str], ...] = ()
    team: str = ""
    pattern: str = ""
    days_ago: int = 1800
    signs_in: bool = False


STAFF: Final = (
    Named("Ewelina Nowicka", "operator_admin", KRAKOW, signs_in=True),
    Named("Tunde Adeyemi", "hr", KRAKOW, signs_in=True),
    Named("Marisol Bejarano", "hr", BOGOTA),
    Named("Maricel Santos", "team_lead", MANILA, (("norvik", "1"),), "Heron", signs_in=True),
    Named("Joselito Macaraeg", "team_lead", MANILA, (("norvik", "1"),), "Falcon"),
    Named("Rowena Catacutan", "team_lead", MANILA, (("norvik", "1"),), "Kite"),
    Named("Arnel Pangilinan", "team_lead", MANILA, (("norvik", "1"),), "Osprey"),
    Named("Lourdes Dimaculangan", "team_lead", MANILA, (("norvik", "1"),), "Swift"),
    Named("Łukasz Kołodziejczyk", "team_lead", KRAKOW, (("sunda", "1"),), "Birch", signs_in=True),
    Named("Małgorzata Dąbrowska", "team_lead", KRAKOW, (("sunda", "1"),), "Amber"),
    Named("Camilo Rodríguez-Echeverri", "team_lead", BOGOTA, (("alder", "1"),), "Harbour", signs_in=True),
    Named("Adriana Peñaranda", "team_lead", BOGOTA, (("alder", "1"),), "Meadow"),
    Named("Priya Ramachandran", "qa_analyst", MANILA, (("norvik", "0.600"), ("sunda", "0.400")), signs_in=True),
    Named("Dennis Evangelista", "qa_analyst", MANILA, (("norvik", "1"),)),
    Named("Dorota Źdźbło", "qa_analyst", KRAKOW, (("sunda", "1"),)),
    Named("Néstor Villamizar", "qa_analyst", BOGOTA, (("alder", "1"),), signs_in=True),
    Named("Wojciech Szczepański", "planner", KRAKOW, (("norvik", "0.500"), ("sunda", "0.500")), signs_in=True),
    Named("Ximena Zapata", "planner", BOGOTA, (("alder", "1"),), signs_in=True),
    Named("Grace Okonkwo", "trainer", MANILA, (("norvik", "0.700"), ("alder", "0.300"))),
    Named(
        "Rodel Villanueva", "agent", MANILA, (("norvik", "1"),), "Heron", "night-21", 640, signs_in=True
    ),
    Named("Żaneta Gżegżółka", "agent", KRAKOW, (("sunda", "1"),), "Birch", "early-07", 460, signs_in=True),
    Named("Yurany Quintero", "agent", BOGOTA, (("alder", "1"),), "Harbour", "east-08", 420, signs_in=True),
    Named(LONGEST, "agent", KRAKOW, (("sunda", "1"),), "Birch", "late-14", 700),
)  # fmt: skip
OLD_LEAD: Final = "Joselito Macaraeg"  # left the changed team for another client
NEW_LEAD: Final = Named("Benjie Sarmiento", "team_lead", MANILA, (("norvik", "1"),), "Falcon", days_ago=1650)
MOVED_LEAD_GOES_TO: Final = "sunda"
CEDAR_LEAD: Final = Named("Beata Kaźmierczak", "team_lead", KRAKOW, (("sunda", "1"),), "Cedar")

# role, client, name, e-mail: people of the clients, who sign in on their own host.
CLIENT_PEOPLE: Final = (
    ("client_user", "norvik", "Astrid Berg", "astrid@norvik.example"),
    ("client_approver", "norvik", "Håkon Halvorsen", "hakon@norvik.example"),
    ("client_user", "sunda", "Ananya Subramanian", "ananya@sunda.example"),
    ("client_user", "alder", "Trevor Whitfield", "trevor@alder.example"),
)

# days before the world's day, how many began to work for the client together
HIRES: Final = {
    "norvik": ((540, 9), (468, 8), (391, 9), (321, 9), (251, 8), (188, 8), (125, 8), (76, 8), (41, 7), (17, 5)),
    "sunda": ((503, 5), (412, 5), (307, 5), (223, 5), (139, 5), (83, 4), (48, 5), (20, 4)),
    "alder": ((524, 4), (398, 4), (265, 4), (132, 4), (52, 3)),
}
OLD_HANDS: Final = {"norvik": 10, "sunda": 4, "alder": 2}  # hired 620 to 1,500 days ago
OLD_HANDS_LEAVE: Final = 0.2  # of them within 500 days
TRAINING_DAYS: Final = 10

# key, voluntary, weight in the first 90 days, weight after
LEAVE_REASONS: Final = (
    ("schedule", True, 24, 10),
    ("pay", True, 10, 22),
    ("career", True, 4, 20),
    ("commute", True, 12, 6),
    ("study", True, 6, 8),
    ("health_family", True, 8, 10),
    ("management", True, 4, 8),
    ("no_show", False, 14, 2),
    ("attendance", False, 10, 6),
    ("performance", False, 8, 6),
    ("end_of_contract", False, 0, 2),
)

SPLIT: Final = (("norvik", "sunda", "early-06", "early-07", 6), ("sunda", "alder", "early-07", "west-12", 2))
TRANSFERS: Final = (("norvik", "sunda", 3), ("sunda", "alder", 1), ("norvik", "alder", 1))
TEAM_MOVES: Final = 7
