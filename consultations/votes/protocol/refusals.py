"""What the protocol refuses, by name."""


class Refused(ValueError):
    """`check` names the rule of SPEC.md that failed ("ballot.proof"); `where` says where ("entry 12")."""

    def __init__(self, check: str, where: str = "") -> None:
        super().__init__(f"{check} ({where})" if where else check)
        self.check, self.where = check, where
