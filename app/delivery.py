"""Letters out of the house: to the mail server, or as files into the outbox where there is none."""

import smtplib
import ssl
from email.message import EmailMessage

from app.config import MailSecurity, Settings
from app.whole_files import write_whole

SECONDS = 20


def letter(*, to: str, subject: str, text: str, key: str, settings: Settings) -> EmailMessage:
    """A plain text letter. The same ``key`` gives the same Message-ID: sent twice, it is one."""
    message = EmailMessage()
    message["From"], message["To"] = settings.mail_from, to
    message["Subject"] = " ".join(subject.split())
    message["Auto-Submitted"] = "auto-generated"
    domain = settings.mail_from.rpartition("@")[2]
    message["Message-ID"] = f"<{key}@{domain}>"
    message.set_content(text)
    return message


def deliver(message: EmailMessage, settings: Settings) -> None:
    """Hand a letter over. Raises OSError (``smtplib.SMTPException`` is one) when it stays here."""
    if settings.smtp_host:
        _send(message, settings)
        return
    settings.outbox.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    write_whole(settings.outbox / f"{name}.eml", message.as_bytes())


def _send(message: EmailMessage, settings: Settings) -> None:
    with _connection(settings) as server:
        if settings.smtp_security is MailSecurity.STARTTLS:
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)


def _connection(settings: Settings) -> smtplib.SMTP:
    place = (settings.smtp_host, settings.smtp_port)
    if settings.smtp_security is MailSecurity.TLS:
        return smtplib.SMTP_SSL(*place, timeout=SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(*place, timeout=SECONDS)
