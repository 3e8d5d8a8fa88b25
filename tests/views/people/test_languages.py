"""The language that one chooses, and that of the browser: on pages, in errors, after redirects, in caches."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.utils.translation import get_language, override

from messaging.forms.messages.polls import PollForm
from messaging.http.languages import LanguageMiddleware
from messaging.models import Message, User
from messaging.models.messages.saving import post
from messaging.text import clean_text
from tests.contract.counting import statements
from tests.views.cached import address, cached_lists

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
COOKIE = settings.LANGUAGE_COOKIE_NAME


def language_of(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    page = response.content.decode()
    assert response["Content-Language"] in page[:300]
    return response["Content-Language"]


def choose(client: Client, language: str, **headers: str) -> None:
    fields = {"display_name": "Ada Lovelace", "theme": "system", "time_zone": "", "language": language}
    assert client.post("/account/", fields, headers=headers).status_code == 302


def test_the_choice_wins_over_the_browser(as_ada: Client, ada: User) -> None:
    assert language_of(as_ada, "/account/") == "en"
    assert language_of(as_ada, "/account/", **GERMAN) == "de"
    choose(as_ada, "fr", **GERMAN)
    page = as_ada.get("/account/", headers=GERMAN).content.decode()
    assert '<html lang="fr"' in page
    assert "Paramètres enregistrés" in page  # what the redirect said, in the new language
    assert '<option value="ar" lang="ar" dir="rtl">العربية</option>' in page
    assert '<html lang="ar" dir="rtl"' in _chosen_page(as_ada, "ar")
    choose(as_ada, "")
    assert language_of(as_ada, "/account/", **GERMAN) == "de"
    assert as_ada.post("/account/", {"language": "tlh", "theme": "system"}).status_code == 422


def _chosen_page(client: Client, language: str) -> str:
    choose(client, language)
    return client.get("/account/").content.decode()


def test_errors_are_in_the_language_of_the_person(as_ada: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(language="de")
    for path in ("/nowhere/", "/conversations/999/"):
        answer = as_ada.get(path)
        assert answer.status_code == 404
        assert "Seite nicht gefunden" in answer.content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    assert "Diese Seite ist abgelaufen" in strict.post("/account/").content.decode()


def test_signed_out_people_choose_on_the_sign_in_page(client: Client, ada: User) -> None:
    page = client.get("/account/login/?next=/inbox/").content.decode()
    assert (
        '<button class="link" type="submit" name="language" value="ja" lang="ja" dir="ltr">日本語</button>'
        in page
    )
    answer = client.post("/language/", {"language": "ja", "next": "/account/login/?next=/inbox/"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/inbox/")
    assert language_of(client, "/account/login/", **GERMAN) == "ja"
    client.force_login(ada)
    assert language_of(client, "/account/", **GERMAN) == "ja"  # they have chosen nothing else
    choose(client, "")
    assert not client.cookies[COOKIE].value
    assert language_of(client, "/account/", **GERMAN) == "de"


def test_a_language_that_is_unknown_or_gone_is_that_of_the_site(as_ada: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(language="tlh")
    as_ada.cookies[COOKIE] = "../../etc/passwd"
    assert language_of(as_ada, "/account/", **{"Accept-Language": "tlh, \0;q=x,,"}) == "en"


def test_it_costs_no_query(as_ada: Client, ada: User) -> None:
    as_ada.get("/account/")
    with statements() as before:
        as_ada.get("/account/")
    User.objects.filter(pk=ada.pk).update(language="de")
    as_ada.get("/account/")
    with statements() as after:
        as_ada.get("/account/")
    assert len(after) == len(before)
    with statements() as found:
        for path in (f"/viewers/{ada.pk}.css", "/emoji/"):
            assert as_ada.get(path).status_code == 200
    assert len(found) == 0


@pytest.mark.parametrize("name", cached_lists())
@pytest.mark.parametrize("languages", ["en de", "de en"])
def test_warm_caches_do_not_mix_languages(
    name: str, languages: str, message: Message, ada: User, ben: User, browser: Callable[..., Client]
) -> None:
    first, second = languages.split()
    message.edit("Land ho!")
    post(message.conversation, ben, "Where?", parent=message)
    place = address(name, message)
    seen: dict[str, set[bytes]] = {"en": set(), "de": set()}
    for language in (first, second, first, second):
        for person in (ada, ben):
            User.objects.filter(pk=person.pk).update(language=language)
            seen[language].add(browser(person).get(place).content)
    assert [len(bytes_of) for bytes_of in seen.values()] == [1, 1]  # the same for both people
    assert "bearbeitet" in seen["de"].pop().decode()
    english = seen["en"].pop().decode()
    assert "edited" in english
    assert "bearbeitet" not in english


def test_a_browser_gets_a_list_anew_after_the_language_has_changed(
    as_ada: Client, ada: User, message: Message
) -> None:
    place = address("message_list", message)
    known = {"If-None-Match": as_ada.get(place)["ETag"]}
    assert as_ada.get(place, headers=known).status_code == 304
    User.objects.filter(pk=ada.pk).update(language="de")
    assert as_ada.get(place, headers=known).status_code == 200
    caches["pages"].clear()
    assert as_ada.get(place, headers={**known, **GERMAN}).status_code == 200


def test_the_language_does_not_stay_for_the_next_request(as_ada: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(language="de")
    before = get_language()
    as_ada.get("/account/")
    as_ada.get("/nowhere/")
    assert get_language() == before == "en"


def test_nor_after_an_error_that_nobody_handles() -> None:
    def broken(request: object) -> None:
        assert get_language() == "de"
        raise RuntimeError

    request = RequestFactory().get("/", headers=GERMAN)
    with pytest.raises(RuntimeError):
        LanguageMiddleware(broken)(request)  # type: ignore[arg-type]
    assert get_language() == "en"


def test_a_database_that_does_not_answer_is_said_in_the_language_of_the_browser(
    as_ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*arguments: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("messaging.auth.backend.AuthenticationBackend.get_user", locked)
    answer = as_ada.get("/account/", headers=GERMAN)
    assert answer.status_code == 503
    assert 'lang="de"' in answer.content.decode()


def test_the_app_and_its_offline_page_are_in_the_language(client: Client) -> None:
    assert '<html lang="de">' in client.get("/offline/?language=de").content.decode()
    assert "language=de" in client.get("/service-worker.js", headers=GERMAN).content.decode()
    shortcuts = [one["name"] for one in client.get("/app.webmanifest", headers=GERMAN).json()["shortcuts"]]
    assert "Suchen" in shortcuts


@pytest.mark.parametrize(
    ("language", "separator"), [("en", ","), ("de", "."), ("es", "\xa0"), ("fr", "\xa0"), ("ja", ",")]
)
def test_large_numbers_follow_the_language(language: str, separator: str) -> None:
    with override(language), pytest.raises(ValidationError) as refused:
        clean_text("x" * 10_001, max_length=10_000)
    with override(language):
        said = " ".join(refused.value.messages).replace("\u202f", "\xa0")
    assert f"10{separator}001" in said


def test_help_texts_with_numbers_are_translated_when_they_are_shown() -> None:
    with override("de"):
        help_text = str(PollForm.base_fields["choices"].help_text)
    assert help_text != str(PollForm.base_fields["choices"].help_text)
    assert "2" in help_text
