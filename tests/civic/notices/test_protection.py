"""A password and a mail travel protected, to a server that is who it says; or they do not travel."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from civic.notices.transport import MailServer, NotTaken

# Self-signed for 127.0.0.2, so nobody vouches for it; a secret of these tests only.
PEM = Path(__file__).with_name("selfsigned.pem")
ELSEWHERE = "127.0.0.2"  # a loopback address that is not called this machine, as a server elsewhere
WAYS: Final = [("smtp", {"starttls": True}), ("smtps", {"smtps": True})]


class Handler:
    """Remembers what came."""

    def __init__(self) -> None:
        self.passwords: list[object] = []
        self.mails = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails += 1
        return "250 kept"

    def sign_in(self, server: Any, session: Any, envelope: Any, mechanism: str, data: object) -> AuthResult:
        self.passwords.append(data)
        return AuthResult(success=True)


@contextmanager
def mail_server(host: str, *, starttls: bool = False, smtps: bool = False) -> Iterator[tuple[int, Handler]]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(PEM)
    with socket.socket() as probe:
        probe.bind((host, 0))
        port = int(probe.getsockname()[1])
    handler = Handler()
    controller = Controller(
        handler,
        hostname=host,
        port=port,
        ssl_context=context if smtps else None,
        tls_context=context if starttls else None,
        authenticator=handler.sign_in,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield port, handler
    finally:
        controller.stop()


def send(url: str) -> None:
    message = EmailMessage()
    message["Subject"] = "receipt"
    message.set_content("text")
    with MailServer(url, "city@example.jp") as server:
        server.deliver("1", "resident@example.jp", message, lambda: None)


def test_a_password_is_not_sent_where_nothing_protects_it() -> None:
    with mail_server(ELSEWHERE) as (port, handler):
        with pytest.raises(NotTaken, match="no TLS"):
            send(f"smtp://city:secret@{ELSEWHERE}:{port}")
        assert (handler.passwords, handler.mails) == ([], 0)


def test_on_this_machine_it_is() -> None:
    with mail_server("127.0.0.1", starttls=True) as (port, handler):
        send(f"smtp://city:secret@127.0.0.1:{port}")
        assert (len(handler.passwords), handler.mails) == (1, 1)


@pytest.mark.parametrize(("scheme", "options"), WAYS)
def test_a_server_nobody_vouches_for_gets_nothing(scheme: str, options: dict[str, bool]) -> None:
    with mail_server(ELSEWHERE, **options) as (port, handler):
        with pytest.raises(NotTaken, match="certificate"):
            send(f"{scheme}://city:secret@{ELSEWHERE}:{port}")
        assert (handler.passwords, handler.mails) == ([], 0)


@pytest.mark.parametrize(("scheme", "options"), WAYS)
def test_a_server_somebody_vouches_for_gets_password_and_mail(
    scheme: str, options: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
    with mail_server(ELSEWHERE, **options) as (port, handler):
        send(f"{scheme}://city:secret@{ELSEWHERE}:{port}")
        assert (len(handler.passwords), handler.mails) == (1, 1)


@pytest.mark.parametrize(("scheme", "options"), WAYS)
def test_a_good_certificate_of_another_server_is_worth_nothing(
    scheme: str, options: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
    with mail_server("127.0.0.3", **options) as (port, handler):
        with pytest.raises(NotTaken, match="certificate"):
            send(f"{scheme}://city:secret@127.0.0.3:{port}")
        assert (handler.passwords, handler.mails) == ([], 0)
