"""Handing one message over: to a mail server, or in demo and test mode to a file.

When is a mail sent? A server that answered 250 after the last byte has it; one that said anything else has not; one
whose connection broke before the last byte has not either (RFC 5321 4.1.1.4). Only between the last byte and the answer
does nobody know (RFC 1047). So everything but the last byte is sent first, then the outbox notes "sending", then the
byte goes. What ends in that moment is never sent again: better a mail to ask for once more than the same mail twice.
"""

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self
from urllib.parse import unquote, urlsplit

from civic.config import Mode, Settings

TIMEOUT: Final = 30.0
LAST_BYTE: Final = b".\r\n"
HERE: Final = {"localhost", "127.0.0.1", "::1"}


class NotTaken(Exception):
    """The server does not have the message, for sure; it may be offered again. `down`: nobody answers at all."""

    def __init__(self, reason: str, *, down: bool = False) -> None:
        super().__init__(reason)
        self.down = down


class Rejected(Exception):
    """The server will never take this message to this address."""


class Unanswered(Exception):
    """The connection broke between the last byte and the answer: nobody knows whether the server has the message."""


class Transport(Protocol):
    """Something that delivers. `before_last_byte` is called when the next step can no longer be taken back."""

    def deliver(self, name: str, to: str, message: EmailMessage, before_last_byte: Callable[[], None]) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def transport_for(settings: Settings) -> Transport | None:
    """How this installation sends mail: demo by files, others by their server; None where none is named."""
    if settings.mode is Mode.DEMO or (settings.mode is Mode.TEST and not settings.smtp_url):
        return Files(settings.instance / "mail")
    return MailServer(settings.smtp_url, settings.mail_from) if settings.smtp_url else None


class Files:
    """Messages as `.eml` files, one per name: a second delivery of the same one replaces the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held open between two files."""

    def deliver(self, name: str, to: str, message: EmailMessage, before_last_byte: Callable[[], None]) -> None:
        unfinished = self.folder / f"{name}.part"
        unfinished.write_bytes(message.as_bytes(policy=SMTP))
        before_last_byte()
        unfinished.replace(self.folder / f"{name}.eml")


class MailServer:
    """An SMTP server, `smtp://user:password@host:port` (STARTTLS where offered) or `smtps://…`; one connection for all.

    A certificate must be good and the server's own. A password goes only over a protected connection; mail to a server
    on this machine needs none, and its certificate is not asked for.
    """

    def __init__(self, url: str, sender: str) -> None:
        self.url = urlsplit(url)
        self.sender = sender
        self.server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()

    def deliver(self, name: str, to: str, message: EmailMessage, before_last_byte: Callable[[], None]) -> None:
        """Raises `NotTaken`, `Rejected` or `Unanswered`; whatever `before_last_byte` raises ends the connection."""
        try:
            server = self.connected()
            self.offer(server, to, message)
        except (OSError, smtplib.SMTPException) as error:
            self.hang_up()
            raise NotTaken(f"the mail server cannot be reached: {error}", down=True) from error
        try:
            before_last_byte()
        except BaseException:
            self.hang_up()  # without the last byte the server forgets the message
            raise
        self.complete(server)

    def connected(self) -> smtplib.SMTP:
        """The open connection, or a new one, signed in."""
        if self.server is None:
            host = self.url.hostname or "localhost"
            safe = host in HERE or self.url.scheme == "smtps"
            if self.url.scheme == "smtps":
                context = ssl.create_default_context()
                self.server = smtplib.SMTP_SSL(host, self.url.port or 465, timeout=TIMEOUT, context=context)
            else:
                self.server = smtplib.SMTP(host, self.url.port or 25, timeout=TIMEOUT)
                safe = safe or self.protected(self.server)
            if self.url.username:
                self.sign_in(self.server, safe)
            self.server.ehlo()
        return self.server

    def protected(self, server: smtplib.SMTP) -> bool:
        """Whether the server offered to protect the connection, which then it does."""
        server.ehlo()
        if not server.has_extn("starttls"):
            return False
        server.starttls(context=ssl.create_default_context())
        return True

    def sign_in(self, server: smtplib.SMTP, safe: bool) -> None:
        if not safe:
            self.hang_up()
            raise smtplib.SMTPException("it offers no TLS, so the password was not sent")
        server.login(unquote(self.url.username or ""), unquote(self.url.password or ""))

    def offer(self, server: smtplib.SMTP, to: str, message: EmailMessage) -> None:
        """Everything but the last byte. Until then the server must forget the message when we hang up."""
        self.expect(server, server.mail(self.sender), 250, permanent=False)
        self.expect(server, server.rcpt(to), 250, 251)
        self.expect(server, server.docmd("DATA"), 354, permanent=False)
        body = message.as_bytes(policy=SMTP)
        server.send(re.sub(rb"(?m)^\.", b"..", body))  # a line of one dot would end the message
        if not body.endswith(b"\r\n"):
            server.send(b"\r\n")

    def expect(self, server: smtplib.SMTP, reply: tuple[int, bytes], *wanted: int, permanent: bool = True) -> None:
        """Raise what the server's refusal means. `permanent`: a 5xx is about this message, not about our sender."""
        code, text = reply
        if code in wanted:
            return
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.rset()
        reason = f"{code} {text.decode('utf-8', 'replace')}"
        if permanent and code >= 500:
            raise Rejected(reason)
        raise NotTaken(reason)

    def complete(self, server: smtplib.SMTP) -> None:
        try:
            server.send(LAST_BYTE)
            reply = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.hang_up()
            raise Unanswered(str(error)) from error
        self.expect(server, reply, 250)

    def hang_up(self) -> None:
        if self.server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self.server.close()
            self.server = None
