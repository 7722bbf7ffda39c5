from django.utils import translation
from django.utils.translation import gettext, gettext_lazy, ngettext, npgettext, pgettext

from bpo.ui.pseudo import pseudo, pseudo_locale, untranslated


def test_a_message_is_accented_and_bracketed_and_its_placeholders_survive():
    assert pseudo("Text") == "⟦Ţéxţ⟧"
    assert pseudo("%(n)s days of <b>{name}</b> &nbsp;") == "⟦%(n)s ďåýš öř <b>{name}</b> &nbsp;⟧".replace("öř", "öf")


def test_every_kind_of_message_is_translated_inside_and_none_outside():
    lazy = gettext_lazy("Queue")
    with pseudo_locale():
        assert gettext("Queue") == pseudo("Queue")
        assert str(lazy) == pseudo("Queue")
        assert pgettext("place", "Queue") == pseudo("Queue")
        assert ngettext("%(n)s day", "%(n)s days", 2) == pseudo("%(n)s days")
        assert npgettext("length", "%(n)s day", "%(n)s days", 1) == pseudo("%(n)s day")
        assert pgettext("date format", "D j M") == "D j M"
        assert translation.get_language() == "en-xa"
    assert gettext("Queue") == "Queue"
    assert str(lazy) == "Queue"


def test_a_request_that_chooses_its_language_gets_the_pseudo_one_too():
    with pseudo_locale():
        translation.activate("en")
        assert gettext("Queue") == pseudo("Queue")


def test_words_outside_the_brackets_are_listed_once():
    html = "<h1>⟦Qüéüé⟧</h1><p>Hard words</p><p>Hard words</p><a title='Also hard'>⟦x⟧</a>"
    assert untranslated(html) == ["Hard words", "Also hard"]


def test_what_people_wrote_numbers_keys_and_code_are_left_alone():
    html = '<p translate="no">Maricel <b>Santos</b></p><td>83.6 %</td><kbd>Shift</kbd><code>user_id</code><script>let words</script><p>n = 3</p>'
    assert untranslated(html) == []


def test_brackets_may_span_elements():
    assert untranslated("<p>⟦Ţéxţ <b>ïñ böld</b> ëñd⟧ outside</p>") == ["outside"]
