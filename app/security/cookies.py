"""The signed cookie, believed whatever its age: the sign-in row behind it knows how long it holds.

Flask refuses a cookie signed "in the future", so that a server whose clock is set back signs
everybody out.
"""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature


class AgelessCookies(SecureCookieSessionInterface):
    """Flask's cookie, without its age being judged."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie says; nothing when it is missing or not ours."""
        serializer = self.get_signing_serializer(app)
        text = request.cookies.get(self.get_cookie_name(app))
        if serializer is None or not text:
            return self.session_class() if serializer else None
        try:
            return self.session_class(serializer.loads(text))
        except BadSignature:
            return self.session_class()
