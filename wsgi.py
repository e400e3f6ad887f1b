"""The WSGI entry point; ``flask`` and the web server both start here."""

from app import create_app

app = create_app()
