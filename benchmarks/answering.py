"""Residents who answer a survey of one question over HTTP until told to stop: `python -m benchmarks.answering PORT SLUG`.

Each is a new browser. What is refused with 503 is sent again, as its page says, three times. Prints how many answers
were acknowledged with a receipt, how many were not, and how many requests were sent again.
"""

import http.client
import json
import re
import sys
import threading
import time
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
TRIES = 4
PAUSE = 0.1  # seconds between two answers


class Browser:
    """Keeps its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies: dict[str, str] = {}
        self.again = 0  # requests sent again after a 503
        self.seen = (
            0,
            0,
            0,
        )  # by a listener, of the last request: bytes of what was posted, status, bytes of the answer

    def ask(self, method: str, address: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """(status, location, page) of the last of at most four tries."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        posted = urlencode(fields) if fields else None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for attempt in range(TRIES):
            self.connection.request(method, address, posted, headers)
            answer = self.connection.getresponse()
            page = answer.read().decode()
            self.seen = (len(posted or ""), answer.status, len(str(answer.headers)) + len(page.encode()))
            if answer.status != http.HTTPStatus.SERVICE_UNAVAILABLE or attempt == TRIES - 1:
                break
            self.again += 1
            time.sleep(1)
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), page

    def answer(self, slug: str) -> bool:
        """Answer the one question and send it; whether a receipt came."""
        first, check = (f"/surveys/{slug}/answer?section={section}" for section in ("1", "check"))
        page = self.ask("GET", first)[2]
        self.ask("POST", first, dict(HIDDEN.findall(page)) | {"enough": "yes"})
        page = self.ask("GET", check)[2]
        status, location, page = self.ask("POST", check, dict(HIDDEN.findall(page)))
        if (status, location) != (303, f"/surveys/{slug}/done"):
            print(f"{status} {location} {page[:500]}", file=sys.stderr)
            return False
        return 'id="receipt-number"' in self.ask("GET", location)[2]


def wait_for_a_line(stopping: threading.Event) -> None:
    sys.stdin.readline()
    stopping.set()


def main(port: int, slug: str) -> None:
    stopping = threading.Event()
    threading.Thread(target=wait_for_a_line, args=[stopping], daemon=True).start()
    answered = failed = again = 0
    while not stopping.wait(PAUSE):
        browser = Browser(port)
        try:
            well = browser.answer(slug)
        except (OSError, http.client.HTTPException) as error:
            print(error, file=sys.stderr)
            well = False
        answered, failed, again = answered + well, failed + (not well), again + browser.again
    print(json.dumps({"answered": answered, "failed": failed, "sent_again": again}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
