"""A real SMTP server that keeps each message as a file and can be told to die: `python -m … PORT FOLDER [WHEN NUMBER]`.

WHEN is `at-data` (before any byte of message NUMBER), `after-last-byte` (message kept, no answer) or `slow` (kept,
answered only after a minute).
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Keeps what arrives; refuses addresses that say how."""

    def __init__(self, folder: Path, when: str, number: int) -> None:
        self.folder, self.when, self.number, self.count = folder, when, number, 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such person"
        if address.startswith("full"):
            return "452 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        assert isinstance(envelope.content, bytes)
        number = len(list(self.folder.glob("*.eml")))
        (self.folder / f"{number:04}.eml").write_bytes(envelope.content)
        if self.dies("after-last-byte"):
            os._exit(1)
        if self.dies("slow"):
            (self.folder / "holding").touch()
            await asyncio.sleep(60)
        return "250 kept"

    def dies(self, when: str) -> bool:
        return self.when == when and self.count == self.number


class Server(SMTP):
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        sink: Any = self.event_handler
        sink.count += 1
        if sink.dies("at-data"):
            os._exit(1)
        await super().smtp_DATA(arg)


async def serve(port: int, sink: Sink) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Server(sink), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    when, number = (sys.argv[3], int(sys.argv[4])) if len(sys.argv) > 3 else ("never", 0)
    asyncio.run(serve(int(sys.argv[1]), Sink(Path(sys.argv[2]), when, number)))
