"""The page that a browser without JavaScript gets where its form could not be taken."""

import pytest

from tests.library.pages import soup


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "de"])
def test_it_says_the_language_it_was_rendered_in(client, settings, language):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]
    headers = {"Accept": "text/html", "Accept-Language": language}
    answer = client.post("/api/mizan/call/add_book/", {"shelf_id": "x"}, headers=headers)
    assert answer.status_code == 422
    assert soup(answer.content).html["lang"] == language
