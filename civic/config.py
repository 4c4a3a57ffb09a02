"""Settings, read once from the environment. `docs/configuration.md` is generated from this class."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any


class Mode(StrEnum):
    """How strict the process is: `production` refuses unsafe settings; `demo` listens on loopback only."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


def setting(default: Any, help: str) -> Any:
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True)
class Settings:
    """Every setting there is. The environment variable is the upper-case name with `MACHIKOE_` before it,
    except `DATABASE_URL`, `BASE_URL` and `PORT`, which hosts set by custom."""

    mode: Mode = setting(Mode.PRODUCTION, "`production`, `demo` (loopback, demo accounts, mail as files) or `test`.")
    instance: Path = setting(Path("instance"), "Folder of the SQLite database, uploads, keys and demo mail.")
    database_url: str = setting("", "SQLAlchemy address. Empty: SQLite in the instance folder.")
    base_url: str = setting(
        "http://127.0.0.1:8000", "The address residents type; its default follows PORT. Must be https in production."
    )
    port: int = setting(8000, "Port of `make run`.")
    keys: str = setting("", "Folder of the master key (0700). Empty: `keys` in the instance folder.")
    smtp_url: str = setting("", "Mail server, `smtp://user:password@host:port` or `smtps://…`. Empty: mail waits.")
    mail_from: str = setting("machikoe@localhost", "Sender address of notices.")
    municipality_ja: str = setting("自治体", "Name of the municipality in Japanese.")
    municipality_en: str = setting("Municipality", "Name of the municipality in English.")
    contact_ja: str = setting("", "Contact line in the footer, Japanese.")
    contact_en: str = setting("", "Contact line in the footer, English.")
    minimum_cell: int = setting(5, "Smallest number of people a published cell may show.")
    trusted_proxies: int = setting(0, "Number of reverse proxies whose X-Forwarded-* headers are believed.")
    metrics_token: str = setting("", "Bearer token for `/metrics` from other hosts. Empty: loopback only.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read what is set; raises ValueError naming the variable when a value cannot be read."""
        values: dict[str, Any] = {}
        for one in fields(cls):
            text = environment.get(variable(one.name))
            if text is not None and text != "":
                try:
                    values[one.name] = TYPES[one.name](text)
                except ValueError as error:
                    raise ValueError(f"{variable(one.name)}={text!r} cannot be read: {error}") from error
        if "port" in values:
            values.setdefault("base_url", f"http://127.0.0.1:{values['port']}")
        return cls(**values)

    @property
    def database(self) -> str:
        """The database address in use."""
        return self.database_url or f"sqlite:///{(self.instance / 'machikoe.db').absolute()}"

    @property
    def keys_folder(self) -> Path:
        return Path(self.keys) if self.keys else self.instance / "keys"

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    def municipality(self, language: str) -> str:
        return self.municipality_en if language == "en" else self.municipality_ja

    def contact(self, language: str) -> str:
        return self.contact_en if language == "en" else self.contact_ja


def variable(name: str) -> str:
    """The environment variable of the setting `name`."""
    bare = {"database_url", "base_url", "port"}
    return name.upper() if name in bare else f"MACHIKOE_{name.upper()}"


TYPES: dict[str, type] = {one.name: type(one.default) for one in fields(Settings)}
