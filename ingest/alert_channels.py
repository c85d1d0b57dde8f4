"""How a message leaves the house: SMTP and HTTP. What can go wrong becomes ``NotSent`` with a clear sentence."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from spatial.alerts import mail, webhook
from spatial.errors import GeoIOCError
from spatial.settings import AlertSettings, alert_settings, server_settings

type Row = Mapping[str, Any]


class NotSent(GeoIOCError):
    """A receiver did not take a message; it is tried again later."""


def send(channel: str, items: Sequence[Row]) -> str | None:
    """Send one message about all ``items`` (alerts with ``occasion`` and ``notification_id``). Returns a remark when
    one address of several was refused: the others have it, so it is not sent again.

    :raises NotSent: when the receiver did not take it.
    """
    number = delivery_number(items)
    if channel == "mail":
        return send_mail(items, number)
    send_webhook(items, number)
    return None


def delivery_number(items: Sequence[Row]) -> str:
    """The same for the same notifications: what lets a receiver know a repetition."""
    ids = ",".join(str(number) for number in sorted(item["notification_id"] for item in items))
    return hashlib.sha256(f"{server_settings().url}/{ids}".encode()).hexdigest()[:32]


def send_mail(items: Sequence[Row], number: str) -> str | None:
    """:raises NotSent: when the mail server did not take it."""
    settings = alert_settings()
    assert settings.mail_from is not None
    message = mail.build_mail(
        items, sender=settings.mail_from, receivers=settings.receivers, address=server_settings().url, number=number
    )
    return deliver(message, settings)


def deliver(message: EmailMessage, settings: AlertSettings) -> str | None:
    """Hand the message to the mail server; a remark about addresses it refused.

    :raises NotSent: when the mail server cannot be reached, or refuses the sender, the login or every receiver."""
    assert settings.smtp_host is not None
    context = ssl.create_default_context()
    try:
        with _connect(settings, context) as server:
            if settings.smtp_security == "starttls":
                server.starttls(context=context)
            if settings.smtp_user:
                secret = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
                server.login(settings.smtp_user, secret)
            refused = server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"mail server {settings.smtp_host}:{settings.smtp_port}: {_words(error)}") from error
    return f"refused: {', '.join(sorted(refused))}" if refused else None


def _connect(settings: AlertSettings, context: ssl.SSLContext) -> smtplib.SMTP:
    assert settings.smtp_host is not None
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=settings.timeout, context=context)
    return smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=settings.timeout)


def send_webhook(items: Sequence[Row], number: str) -> None:
    """:raises NotSent: when the receiver does not answer in time, or not with 2xx."""
    settings = alert_settings()
    now = datetime.now(UTC)
    body = webhook.build_body(
        items, address=server_settings().url, sender=settings.cap_sender, sent_at=now, number=number
    )
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else None
    headers = webhook.build_headers(body, secret=secret, timestamp=int(now.timestamp()), number=number)
    post(settings, body, headers)


def post(settings: AlertSettings, body: bytes, headers: Mapping[str, str]) -> None:
    """:raises NotSent: when the receiver does not answer in time, or not with 2xx. Redirections are not followed."""
    assert settings.webhook_url is not None
    request = urllib.request.Request(settings.webhook_url, data=body, headers=dict(headers), method="POST")
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=settings.timeout) as answer:
            answer.read(1024)
    except urllib.error.HTTPError as error:
        raise NotSent(f"webhook: answered {error.code} {error.reason}") from error
    except (OSError, ValueError) as error:
        raise NotSent(f"webhook: {_words(error)}") from error


def probe(channel: str) -> str:
    """Send a test message; a sentence about where it went.

    :raises NotSent: when it was not taken.
    """
    settings = alert_settings()
    if channel == "mail":
        assert settings.mail_from is not None
        message = EmailMessage()
        message["Subject"] = "[GeoIOC] Thư thử kênh cảnh báo"
        message["From"], message["To"] = settings.mail_from, ", ".join(settings.receivers)
        message.set_content(
            "Đây là thư thử: kênh e-mail cảnh báo của GeoIOC hoạt động.\n\n"
            "This is a test: the e-mail channel of GeoIOC's alerts works.\n"
        )
        remark = deliver(message, settings)
        return f"sent to {', '.join(settings.receivers)}" + (f" ({remark})" if remark else "")
    send_webhook([], f"test-{int(datetime.now(UTC).timestamp())}")
    return f"taken by {settings.webhook_url}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed message goes to the address that was set, and to no other."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
