"""The e-mail settings of the environment, and what the doctor says of them."""

from __future__ import annotations

import socket
from email.message import EmailMessage

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage as Mail
from django.core.mail import get_connection

from keybook.operate import doctor
from keybook.settings.mail import GUARDED, NOT_SET, settings_from
from tests.apps.notices.conftest import PostOffice, office

__all__ = ["EmailMessage", "office"]


def test_an_address_says_everything() -> None:
    found = settings_from(
        {
            "KEYBOOK_EMAIL_URL": "smtp://kb:p%40ss@mail.bank.example:2525",
            "KEYBOOK_EMAIL_FROM": "Keybook <kb@bank.example>",
        }
    )
    assert found == {
        "EMAIL_BACKEND": GUARDED, "EMAIL_HOST": "mail.bank.example", "EMAIL_PORT": 2525, "EMAIL_HOST_USER": "kb",
        "EMAIL_HOST_PASSWORD": "p@ss", "EMAIL_USE_TLS": True, "EMAIL_USE_SSL": False, "EMAIL_TIMEOUT": 15,
        "DEFAULT_FROM_EMAIL": "Keybook <kb@bank.example>",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("environ", "port", "starttls", "ssl"),
    [
        ({"KEYBOOK_EMAIL_URL": "smtp://mail.bank.example"}, 587, True, False),
        ({"KEYBOOK_EMAIL_URL": "smtps://mail.bank.example"}, 465, False, True),
        ({"KEYBOOK_EMAIL_URL": "smtp://mail.bank.example:25?tls=none"}, 25, False, False),
        ({"KEYBOOK_EMAIL_HOST": "mail.bank.example"}, 587, True, False),
        ({"KEYBOOK_EMAIL_HOST": "mail.bank.example", "KEYBOOK_EMAIL_TLS": "ssl"}, 465, False, True),
        (
            {"KEYBOOK_EMAIL_HOST": "mail.bank.example", "KEYBOOK_EMAIL_TLS": "none", "KEYBOOK_EMAIL_PORT": "25"},
            25,
            False,
            False,
        ),
    ],
)
def test_tls_is_the_default_and_leaving_it_out_is_said(
    environ: dict[str, str], port: int, starttls: object, ssl: object
) -> None:
    found = settings_from(environ)
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, starttls, ssl)


def test_with_nothing_set_mail_goes_nowhere() -> None:
    assert settings_from({})["EMAIL_BACKEND"] == NOT_SET


@pytest.mark.parametrize(
    "environ",
    [
        {"KEYBOOK_EMAIL_URL": "http://mail.bank.example"}, {"KEYBOOK_EMAIL_URL": "smtp://"},
        {"KEYBOOK_EMAIL_URL": "smtp://u:p/w@mail.bank.example:x"}, {"KEYBOOK_EMAIL_URL": "smtps://mail.bank.example?tls=none"},
        {"KEYBOOK_EMAIL_HOST": "m", "KEYBOOK_EMAIL_TLS": "maybe"}, {"KEYBOOK_EMAIL_HOST": "m", "KEYBOOK_EMAIL_PORT": "x"},
        {"KEYBOOK_EMAIL_FROM": "nobody"}, {"KEYBOOK_EMAIL_FROM": "a@bank.example\nBcc: b@example.com"},
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_read_is_refused_without_repeating_it(environ: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        settings_from(environ)
    assert "p/w" not in str(refusal.value)


def said() -> doctor.Finding:
    return doctor._mail()


def test_the_doctor_asks_the_mail_server_and_sends_nothing(office: PostOffice, settings) -> None:
    assert said().well
    assert office.taken == []
    settings.OUTBOUND_ALLOW = []
    refused = said()
    assert not refused.well
    assert f"Add 127.0.0.1:{office.port} to KEYBOOK_OUTBOUND_ALLOW" in refused.says


def test_the_doctor_says_when_mail_is_not_set_up_down_or_only_written_to_a_folder(settings, tmp_path) -> None:
    settings.EMAIL_BACKEND = NOT_SET
    assert not said().well
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = GUARDED, "127.0.0.1", port
    settings.OUTBOUND_ALLOW = [f"127.0.0.1:{port}"]
    assert "does not take mail" in said().says
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    assert said().well
    Mail("x", "x", "a@bank.example", ["b@bank.example"], connection=get_connection()).send()
    assert len(list((tmp_path / "mail").iterdir())) == 1


def test_the_doctor_says_which_entry_of_the_list_is_wrong_and_that_proxies_are_not_used(settings, monkeypatch) -> None:
    settings.OUTBOUND_ALLOW = ["mail.bank.example", "10.0.0.0/8"]
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.bank.example:3128")
    assert doctor._outbound().says.endswith("2 hosts or networks of the bank; HTTPS_PROXY is not used")
    settings.OUTBOUND_ALLOW = ["10.0.0.0/99"]
    assert not doctor._outbound().well
