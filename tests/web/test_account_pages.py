"""The pages of allauth in Keybook's dress."""

from __future__ import annotations

import pytest

from tests.cast import Cast, as_web

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"])
def test_the_pages_of_the_account_wear_keybooks_dress(cast: Cast, path: str):
    answer = as_web(cast.alice).get(path)
    if answer.status_code == 302:
        answer = as_web(cast.alice).get(answer["Location"])
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "/static/keybook/keybook" in text
    assert "style=" not in text
