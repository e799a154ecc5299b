"""Chat groups and browsers as receivers: a closed list of services, each sent to through the guard of `outbound`."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from keybook import outbound
from keybook.outbound import RefusedError, RejectedError, UnreachedError

# Apprise's own names of the services; each sends to hosts of its service, `workflows` to the one Teams gave out.
SERVICES: Mapping[str, str] = {
    "wecombot": "wecom", "dingtalk": "dingtalk", "feishu": "feishu", "lark": "lark", "workflow": "teams",
    "workflows": "teams", "slack": "slack",
}  # fmt: skip
CHATS = ("wecom", "dingtalk", "feishu", "lark", "teams", "slack")
LONGEST_ADDRESS = 1000
GONE = frozenset({404, 410})
BUSY = frozenset({408, 425, 429})
SERVER_FAULT = 500


class GoneError(RejectedError):
    """The browser has given up its subscription."""


class UnknownServiceError(ValueError):
    """An address that no service of the closed list has."""


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a browser wants its pushes, and the keys it reads them with."""

    endpoint: str
    p256dh: str
    auth: str


def service_of(url: str) -> str:
    """Which chat service an address belongs to; UnknownServiceError unless it is one of the closed list."""
    _plugin(url)
    return SERVICES[_schema(url)]


def _schema(url: str) -> str:
    """Apprise's name of the service of an address, which may also be the web address a service shows."""
    scheme = url.partition("://")[0].lower()
    if scheme != "https":
        return scheme
    host = (urlsplit(url).hostname or "").lower()
    known = {
        "qyapi.weixin.qq.com": "wecombot", "oapi.dingtalk.com": "dingtalk", "open.feishu.cn": "feishu",
        "open.larksuite.com": "lark", "hooks.slack.com": "slack",
    }  # fmt: skip
    teams = host.endswith((".logic.azure.com", ".api.powerplatform.com"))
    return "workflows" if teams else known.get(host, "")


def _plugin(url: str) -> Any:
    """Apprise's sender for this address."""
    if len(url) > LONGEST_ADDRESS or not url.isascii() or any(char <= " " for char in url):
        raise UnknownServiceError
    wanted = _schema(url)
    if wanted not in SERVICES:  # before Apprise reads it: some of its services open files or programs
        raise UnknownServiceError
    from apprise import Apprise

    logging.getLogger("apprise").disabled = True  # its warnings repeat addresses and answers
    plugin = Apprise.instantiate(url, suppress_exceptions=True)
    names = {str(name) for kind in ("protocol", "secure_protocol") for name in _each(getattr(plugin, kind, None))}
    if plugin is None or not names & set(SERVICES):
        raise UnknownServiceError
    plugin.verify_certificate = True  # whatever the address asks for
    return plugin


def _each(value: Any) -> tuple[Any, ...]:
    """One name or several as several."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list | tuple | set | frozenset) else (value,)


def chat(*, url: str, title: str, body: str) -> None:
    """Say something in a chat group; UnreachedError or RejectedError when it was not taken."""
    plugin = _plugin(url)
    heard: list[int] = []
    with outbound.listening(heard), outbound.deadline():
        taken = plugin.notify(title=title, body=body, body_format=plugin.notify_format)  # our words need no escaping
    if taken:
        return
    status = heard[-1] if heard else 0
    if not status or status in BUSY or status >= SERVER_FAULT:
        raise UnreachedError(f"No answer that counts ({status}).")
    raise RejectedError(f"The service answered {status}.")


def push(*, browser: Browser, says: Mapping[str, Any], key: str, contact: str) -> None:
    """Push a few words to a browser, sealed for it alone; GoneError when the browser has taken its subscription back."""
    import pywebpush  # type: ignore[import-untyped]

    keys = {"p256dh": browser.p256dh, "auth": browser.auth}
    try:
        pywebpush.webpush(
            {"endpoint": browser.endpoint, "keys": keys}, json.dumps(says, ensure_ascii=False), vapid_private_key=key,
            vapid_claims={"sub": contact}, ttl=12 * 3600, requests_session=outbound,
        )  # fmt: skip
    except pywebpush.WebPushException as error:
        status = error.response.status_code if error.response is not None else 0
        if status in GONE:
            raise GoneError(f"The browser's service answered {status}.") from None
        if not status or status in BUSY or status >= SERVER_FAULT:
            raise UnreachedError(f"No answer that counts ({status}).") from None
        raise RejectedError(f"The browser's service answered {status}.") from None
    except RefusedError as error:
        raise RejectedError(str(error)) from None
    except OSError as error:  # requests' own errors are of this kind
        raise UnreachedError(type(error).__name__) from None


def vapid_pair() -> tuple[str, str]:
    """A new key for pushing: the private one as text to seal, and the public one as browsers ask for it."""
    import base64

    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    number = private.private_numbers().private_value.to_bytes(32, "big")
    return tuple(base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in (number, point))  # type: ignore[return-value]
