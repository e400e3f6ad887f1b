"""The composition root: configure, open the database, answer errors, close the doors, open them."""

from datetime import timedelta

from flask import Flask

from app import cli, database, errors, web
from app.config import ROOT, Settings, settings_from_environment
from app.jobs import commands as jobs
from app.security import guards, headers, login
from app.web import language

# Larger than any form or photo; a file field says its own, smaller limit beside itself.
LARGEST_REQUEST = 32 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Make the app; everything it needs to know is in ``settings``."""
    settings = settings or settings_from_environment()
    app = Flask("app", template_folder=str(ROOT / "templates"))
    app.config.update(
        SECRET_KEY=settings.secret,
        SETTINGS=settings,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.session_days),
        SESSION_COOKIE_NAME="__Host-chaski" if settings.secure_cookies else "chaski",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    database.attach(app, database.make_engine(settings.database))
    errors.attach(app)
    login.attach(app)
    guards.attach(app)
    headers.attach(app)
    language.attach(app)
    web.attach(app)
    jobs.attach(app)
    cli.attach(app)
    return app
