"""The line a new address needs, as its stamp would have it: for a person to read, correct and paste."""

from bpo.permissions import OpenToAll, Permission
from bpo.roles import ROLES
from tests.permissions.notation import line
from tests.permissions.routes import Action

NOBODIES = {"no", "off", "survey"}


def proposed(action: Action, columns: list[str]) -> str:
    from tests.permissions.world import SHORT

    letters = []
    for column in columns:
        if isinstance(action.stamp, OpenToAll):
            letters.append("-" if column == "survey" else "+")
        elif action.host == "stepped":  # not there at all but for who stepped in
            letters.append({"survey": "-", "in": "+"}.get(column, "0"))
        elif column in NOBODIES:
            letters.append("-")
        elif column == "left":
            letters.append("0")
        elif column == "narrow":
            letters.append("+" if action.stamp == Permission.SEE_API_DOCS else ".")
        elif action.host == "operator" and ROLES[SHORT[column]].realm == "client":
            letters.append("-")
        else:
            role = ROLES[SHORT[column]]
            held = role.on_operator if action.host == "operator" else role.permissions
            letters.append("+" if action.stamp in held else ".")
    return line(action.method, action.route, letters, columns)
