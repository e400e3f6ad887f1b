"""Where a person may be sent after signing in: to a page of this house and nowhere else."""

import re
from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

# One slash, then neither a second one (another host) nor anything a browser strips or turns
# into one: white space, control characters, backslashes.
OWN_PATH = re.compile(r"/(?![/\\])[^\s\x00-\x1f\x7f\\]*")


def own_page(address: str) -> str | None:
    """The address, when it is the path of a page that can be opened here; else None."""
    if not OWN_PATH.fullmatch(address):
        return None
    endpoint = _page_at(urlsplit(address).path)
    return address if endpoint not in {None, "static", "account.sign_in"} else None


def opens_by_get(path: str) -> bool:
    """Whether a page can be opened at the path."""
    return _page_at(path) is not None


def _page_at(path: str) -> str | None:
    try:
        endpoint, _values = current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return str(endpoint)
