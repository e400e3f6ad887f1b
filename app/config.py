"""Settings, read from environment variables that begin with ``CHASKI_`` and from nowhere else."""

import re
import secrets
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "CHASKI_"
ROOT = Path(__file__).resolve().parent.parent
WEAK_SECRET_LENGTH = 32
# How pydantic begins the sentence of a validator of ours.
SAID_BY_US = "Value error, "
DATABASES = ("sqlite", "postgresql")
SITE = re.compile(r"https?://[^\s/]+(/[^\s]*)?")
SENDER = re.compile(r"[^\s@<>]+@[^\s@<>]+")


class MailSecurity(StrEnum):
    """How the connection to the mail server is kept from others' eyes."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class SettingsError(Exception):
    """Settings that cannot be used: a line for each variable, with what it expects."""


class Settings(BaseSettings):
    """Every setting, with a default that is safe on a laptop."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    instance: Path = Field(
        default=ROOT / "instance",
        description="Folder of the database, secret key and issued reports. Safe: not served.",
    )
    database_url: str = Field(
        default="",
        description="SQLAlchemy address of the database. Safe: SQLite in the instance folder.",
    )
    secret_key: str = Field(
        default="",
        description="Signs cookies. Safe: made on the first start and kept in the instance folder.",
    )
    workers: int = Field(
        default=1, ge=1, le=64, description="Processes of the web server. Safe: one."
    )
    demo: bool = Field(
        default=True,
        description="Load the marked demonstration portfolio on an empty first start.",
    )
    secure_cookies: bool = Field(
        default=False,
        description="Send cookies over TLS only: turn on behind HTTPS. Off: http on loopback.",
    )
    site: str = Field(
        default="http://127.0.0.1:8000",
        description="Address people open the tracker at: links in letters begin with it.",
    )
    smtp_host: str = Field(
        default="",
        description="Mail server. Safe: none; letters are kept as files in instance/outbox.",
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: MailSecurity = Field(
        default=MailSecurity.STARTTLS,
        description="starttls, tls or none. Safe: neither password nor letter goes in clear.",
    )
    smtp_user: str = Field(default="", description="Account at the mail server, if it asks.")
    smtp_password: str = Field(default="", description="Its password.", repr=False)
    mail_from: str = Field(default="chaski@localhost", description="Address letters are sent from.")
    report_layout: Literal["parts", "whole"] = Field(
        default="parts",
        description="parts: only what changed is laid out. whole: slower, the same pages.",
    )
    report_processes: int = Field(
        default=2, ge=1, le=64, description="Processes that lay reports out side by side."
    )
    session_days: int = Field(
        default=14, ge=1, le=90, description="Days until a device must sign in again."
    )

    @field_validator("site")
    @classmethod
    def site_is_an_address(cls, value: str) -> str:
        """Refuse what no link can begin with."""
        if not SITE.fullmatch(value):
            raise ValueError("An address like https://chaski.example.org is expected.")
        return value.rstrip("/")

    @field_validator("mail_from")
    @classmethod
    def sender_is_an_address(cls, value: str) -> str:
        """Refuse what no letter can come from."""
        if not SENDER.fullmatch(value):
            raise ValueError("An address like chaski@example.org is expected.")
        return value

    @field_validator("secret_key")
    @classmethod
    def secret_is_long(cls, value: str) -> str:
        """Refuse a key that could be guessed."""
        if value and len(value) < WEAK_SECRET_LENGTH:
            raise ValueError(f"{WEAK_SECRET_LENGTH} characters or more are needed.")
        return value

    @field_validator("database_url")
    @classmethod
    def database_is_known(cls, value: str) -> str:
        """Refuse an address of no database we run on."""
        try:
            is_known = not value or make_url(value).get_backend_name() in DATABASES
        except ArgumentError:
            is_known = False
        if not is_known:
            raise ValueError("An address like postgresql+psycopg://… or sqlite:///… is expected.")
        return value

    @cached_property
    def database(self) -> str:
        """The database's address, with the SQLite default filled in."""
        return self.database_url or f"sqlite:///{self.instance.resolve() / 'chaski.sqlite3'}"

    @cached_property
    def secret(self) -> str:
        """The key that signs cookies; made once and readable by the owner only."""
        return self.secret_key or _kept_secret(self.instance / "secret_key")

    @property
    def reports_folder(self) -> Path:
        """Where issued reports lie."""
        return self.instance / "reports"

    @property
    def parts_folder(self) -> Path:
        """Where parts of reports lie that were laid out before; it may be emptied at any time."""
        return self.instance / "parts"

    @property
    def outbox(self) -> Path:
        """Where letters are kept when there is no mail server."""
        return self.instance / "outbox"


def settings_from_environment() -> Settings:
    """The settings; SettingsError where a variable holds what it must not."""
    try:
        return Settings()
    except ValidationError as error:
        # The value stays out of the message: it may be a secret.
        lines = [
            f"{PREFIX}{str(problem['loc'][0]).upper()}: {problem['msg'].removeprefix(SAID_BY_US)}"
            for problem in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from None


def _kept_secret(path: Path) -> str:
    """Read the key, or make it; two processes starting at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as new:
            path.chmod(0o600)
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")
