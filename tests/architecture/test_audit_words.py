"""Every action a service writes to an audit log can be read by people."""

import ast
from pathlib import Path

from bpo.audit_words import ACTIONS, KINDS
from bpo.data_classes import data_class_of, managed_models

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = (
    "bpo", "accounts", "workforce", "attrition", "interactions", "scheduling", "qa", "surveys", "reports", "console",
)  # fmt: skip


def actions(source: str) -> set[str]:
    """Literal actions given to a call by name."""
    return {
        word.value.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "action" and isinstance(word.value, ast.Constant) and "." in str(word.value.value)
    }


def test_every_action_has_words() -> None:
    assert actions('record(action="a.done", target=x)\nadd_argument("--x", action="store_true")') == {"a.done"}
    written = {
        one
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        if "migrations" not in path.parts
        for one in actions(path.read_text())
    }
    assert len(written) > 30
    assert sorted(written - set(ACTIONS)) == []


def test_every_model_in_a_log_has_words() -> None:
    logged = {model._meta.label for model in managed_models() if (found := data_class_of(model)) and found.audit}
    assert len(logged) > 50
    assert sorted(logged - set(KINDS)) == []
