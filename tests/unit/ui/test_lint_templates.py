import pytest

from bpo.ui.lint_templates import ROOT, lint, main, templates

I18N = "{% load i18n %}"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("<script>alert(1)</script>", "inline <script> is refused"),
        ("<style>b{}</style>", "<style> is refused"),
        ('<p style="color:red"></p>', "style on <p> is refused"),
        ('<a onclick="x()"></a>', "onclick on <a> is refused"),
        ('<a hx-on:click="x()"></a>', "hx-on:click on <a> is refused"),
        ('<a href="javascript:x()"></a>', "href on <a> runs a script"),
        ("{{ name|safe }}", "prints unescaped"),
        ("{% firstof a|safe b %}", "prints unescaped"),
        ("{{ names|safeseq|join:', ' }}", "prints unescaped"),
        ("{% autoescape off %}{{ a }}{% endautoescape %}", "turns escaping off"),
        ("<p>Hard words</p>", "text 'Hard words' can't be translated"),
        ("<p>{{ n }} rows</p>", "text '… rows' can't be translated"),
        ('<a title="Hard words"></a>', "title='Hard words' can't be translated"),
        ('<input placeholder="Name {{ x }}">', "placeholder='Name …' can't be translated"),
        ('<input type="submit" value="Send">', "value='Send' can't be translated"),
        ("{% tag 'Met' 'good' %}", "text '…Met' can't be translated"),
        ('{% empty_state "No shifts here" %}', "can't be translated"),
        ('{{ x|default:"None yet" }}', "can't be translated"),
        ("<img src=\"{% static 'a.png' %}\">", "<img> has no alt"),
        ('<script src="https://cdn.example/x.js"></script>', "loads 'https://cdn.example/x.js' from elsewhere"),
        ('<link rel="stylesheet" href="//cdn.example/x.css">', "from elsewhere"),
        ('<form method="post"><button></button></form>', "posts without {% csrf_token %}"),
        ('<form method="post">{# no csrf_token: #}</form>', "posts without {% csrf_token %}"),
        ("{% translate 'x' %}", "translates without {% load i18n %}"),
    ],
)
def test_a_bad_template_is_refused_with_its_reason(source, message):
    found = lint(source)
    assert len(found) == 1, found
    assert message in str(found[0])


@pytest.mark.parametrize(
    "source",
    [
        I18N + "<p>{% translate 'Words' %}</p>",
        I18N + "<p>{% blocktranslate trimmed %}Many words of {{ name }}{% endblocktranslate %}</p>",
        I18N + "{% tag _('Met') 'good' %}{% icon 'inbox' %}{% field form.name unit=_('min a day') %}",
        I18N + "<a title=\"{% translate 'Words' %}\"></a>",
        '<p translate="no">Hard words</p><code>user_id</code><kbd>Shift</kbd>',
        "{% comment %}Hard words, |safe{% endcomment %}{# Hard words #}",
        '<form method="post">{% csrf_token %}</form><form method="get"></form>',
        '<form method="post">{# no csrf_token: the address is the secret #}</form>',
        '<img src="a.png" alt="">',
        '<a href="https://example.org/">{{ name }}</a>',
        '<p class="{% if x %}one{% else %}two{% endif %}">{{ n }} · 83.6 %</p>',
        "{% block body_class %}gate wide{% endblock %}",
        '<script type="application/json">{"a": "b"}</script>',
    ],
)
def test_a_good_template_passes(source):
    assert lint(source) == []


def test_a_finding_names_its_line():
    assert str(lint("{% if a %}\n\n<p>\nHard words</p>{% endif %}", "a.html")[0]) == (
        "a.html:4: text 'Hard words' can't be translated. Use {% translate %}."
    )


def test_the_command_fails_on_a_bad_file_and_says_where(tmp_path, capsys):
    (tmp_path / "bad.html").write_text("<p>Hard words</p>")
    assert main([str(tmp_path)]) == 1
    assert "bad.html:1" in capsys.readouterr().err
    assert main([str(tmp_path / "none")]) == 0


def test_every_template_of_the_product_passes():
    files = templates([ROOT / "templates"])
    assert len(files) > 20
    assert [str(finding) for file in files for finding in lint(file.read_text(), str(file))] == []
