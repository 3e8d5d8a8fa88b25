"""The check for texts that cannot be translated finds untranslated texts and accepts translated ones."""

from pathlib import Path

import pytest

from tests.bare_texts import errors, in_python, in_script, in_template

LOAD = "{% load i18n %}"


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Hello there</p>",
        "<title>Rooms · Parley</title>",
        '<a title="Hello there"></a>',
        '<input placeholder="Hello there">',
        '<img alt="Hello there">',
        '<div aria-label="Hello there"></div>',
        '<input type="submit" value="Hello there">',
        "{% if a %}Hello there{% endif %}",
        "<p>{{ name }} said hello</p>",
        '<p>{{ name|default:"Somebody there" }}</p>',
        '{{ count|pluralize:"person,people" }}',
        '{% include "a.html" with label="Search people" %}',
        LOAD + "{% translate 'Hello' %} there",
        LOAD + "{% blocktranslate %}Hello{% endblocktranslate %} there",
    ],
)
def test_bare_text_in_a_template_is_found(planted: str) -> None:
    assert list(in_template(planted))


@pytest.mark.parametrize(
    "planted",
    [
        LOAD + "<p>{% translate 'Hello there' %}: {{ name }}</p>",
        LOAD + '<p>{% if a %}{% translate "Hello" %}{% endif %}:</p>',
        LOAD + '<p>{% translate "until" %} {% include "messaging/inbox/_time.html" with at=at %}</p>',
        LOAD + '<p>{% translate "last" %} <time>{{ at }}</time></p>',
        LOAD + "<p>{% translate 'Hello' %} {{ name }}</p>",
        LOAD + "<p>{% blocktranslate %}Hello{% endblocktranslate %}, {{ name }}</p>",
    ],
)
def test_a_text_that_goes_on_behind_its_end_is_found(planted: str) -> None:
    assert list(in_template(planted))


@pytest.mark.parametrize(
    "fine",
    [
        '<p class="Hello there" id="hello">{{ name }} · @{{ name }} # 1 99+</p>',
        "<script>const text = 'Hello there';</script>",
        "{# Hello there #}",
        '<input type="hidden" value="hello there">',
        "<title>Parley</title>",
        LOAD + '<p title="{% translate \'Hello\' %}">{% translate "Hello there" %}</p>',
        LOAD + "{% blocktranslate trimmed with a=b %}Hello <b>{{ a }}</b>{% endblocktranslate %}",
        '{% include "a.html" with label=_("Search people") name="threads" quiet=" quiet" %}',
        '<p>{{ name|default:_("Somebody there") }}</p>',
    ],
)
def test_translated_text_in_a_template_is_fine(fine: str) -> None:
    assert not list(in_template(fine))


@pytest.mark.parametrize(
    "planted",
    [
        'field = forms.CharField(label="Hello there")',
        'field = forms.CharField(help_text="Hello there")',
        'field = forms.CharField(error_messages={"required": "Hello there"})',
        'field = forms.ChoiceField(choices=[("a", "Hello there")])',
        'widget = forms.TextInput(attrs={"placeholder": "Hello there"})',
        'self.fields["a"].help_text = "Hello there"',
        'messages.success(request, "Hello there")',
        'messages.success(request, f"Hello {name}")',
        'messages.success(request, _(f"Hello {name}"))',
        'messages.success(request, "Hello " + name)',
        'messages.success(request, "Hello" if there else _("Bye"))',
        'TOLD = "Hello there"\nmessages.error(request, TOLD)',
        'TOLD = {"a": "Hello there"}\nraise ValidationError(TOLD[code])',
        'form.add_error(None, "Hello there")',
        'raise Refused("code", "Hello there")',
        'class Kind(models.TextChoices):\n    A = "a", "Hello there"',
        'class Kind(models.TextChoices):\n    HELLO = "hello"',
        'class Meta:\n    verbose_name_plural = "people"',
    ],
)
def test_bare_text_in_python_is_found(planted: str) -> None:
    assert list(in_python(planted))


@pytest.mark.parametrize(
    "fine",
    [
        'field = forms.CharField(label=_("Hello there"))',
        'messages.success(request, _("Hello %(name)s") % {"name": name})',
        'messages.success(request, ngettext("%(n)d person", "%(n)d people", n) % {"n": n})',
        'raise Refused("last_owner", sentence, status=409)',
        'class Kind(models.TextChoices):\n    A = "a", _("Hello there")',
        'logger.warning("Hello there")',
    ],
)
def test_translated_text_in_python_is_fine(fine: str) -> None:
    assert not list(in_python(fine))


def test_sentences_in_scripts_are_found() -> None:
    assert list(in_script('say("The server is busy.");'))
    assert list(in_script("line.textContent = `${name} is typing`;"))
    assert not list(in_script("row.querySelector(`#m-${id} .message`); // The server is busy."))


def test_a_planted_text_fails_the_whole_check(tmp_path: Path) -> None:
    for folder in ("templates", "messaging/forms", "static/js"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "templates/a.html").write_text(LOAD + "\n<p>{% translate 'Hello' %}</p>\n")
    (tmp_path / "templates/a.html.py").write_text("no Python, as makemessages writes it for a moment")
    assert errors(tmp_path) == []
    (tmp_path / "templates/b.html").write_text("<p>{{ name }}</p>\n<p>Hello there</p>\n")
    (tmp_path / "messaging/forms/c.py").write_text('name = CharField(\n    label="Hello there"\n)\n')
    assert errors(tmp_path) == [
        "templates/b.html:2: 'Hello there'",
        "messaging/forms/c.py:2: 'Hello there'",
    ]


def test_parley_has_no_bare_text() -> None:
    assert errors(Path(__file__).parent.parent) == []
