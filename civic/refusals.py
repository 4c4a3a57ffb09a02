"""A refusal (お断り): a named reason why an act was not done, with a sentence for the person who asked.

Every package lists its own in `refusals.py`. `civic/web/errors.py` turns a refusal into a page or, for machines,
into problem+json (RFC 9457); the command line prints it and exits with 1.
"""

from collections.abc import Mapping
from typing import ClassVar

from civic.messages import N_, Message


class Refusal(Exception):
    """Base of all named refusals.

    `status` is the HTTP status, `sentence` the English msgid with `%(name)s` places. `keeps_writes` marks the few
    refusals whose transaction still commits: a request that finds a period over sets the latch and is refused.
    """

    status: ClassVar[int] = 409
    sentence: ClassVar[str]
    keeps_writes: ClassVar[bool] = False
    retry_after: int | None = None

    def __init__(self, **params: object) -> None:
        super().__init__(self.sentence % params if params else self.sentence)
        self.params: Mapping[str, object] = params

    @property
    def message(self) -> Message:
        """The sentence with its values, ready to be translated where it is shown."""
        return Message(self.sentence, dict(self.params))

    @property
    def headers(self) -> dict[str, str]:
        """What an answer says beside its page: when to try again, where that is known."""
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}

    @property
    def slug(self) -> str:
        """The stable name in problem+json: `AlreadyTookPart` becomes `already-took-part`."""
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


class NotFound(Refusal):
    status = 404
    sentence = N_("We could not find this page.")


class NotAllowed(Refusal):
    status = 403
    sentence = N_("Your account may not do this.")


class StaleVersion(Refusal):
    sentence = N_(
        "Someone else saved this page while you were working. Your text is below; look at the new version, then save again."
    )


class Busy(Refusal):
    status = 503
    sentence = N_(
        "The server is busy and nothing was saved. Press the same button again in a few seconds; it will not count twice."
    )
    retry_after = 5
