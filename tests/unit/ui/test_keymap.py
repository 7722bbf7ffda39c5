"""Single keys of one's own: what can be one, and what is refused."""

import pytest

from bpo.ui.keymap import read_keys


def test_a_choice_is_kept_without_what_changes_nothing() -> None:
    assert read_keys({"off": 1, "map": {"c": "x", "e": "e", "shift+p": "p", "g q": "g w"}}) == {
        "off": True,
        "map": {"c": "x", "shift+p": "p", "g q": "g w"},
    }
    assert read_keys({}) == {"off": False, "map": {}}


@pytest.mark.parametrize(
    "given",
    [
        None, [], {"map": []}, {"map": {"c": "?"}}, {"map": {"c": "/"}}, {"map": {"c": "xx"}}, {"map": {"c": ""}},
        {"map": {"c": "x", "e": "x"}}, {"map": {"c": "shift+1"}}, {"map": {"ctrl+c": "x"}}, {"map": {"c": "\n"}},
        {"map": {"c": "a b c"}}, {"map": {str(n): str(n) for n in range(81)}},
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused(given: object) -> None:
    with pytest.raises(ValueError, match=r"expected|key"):
        read_keys(given)
