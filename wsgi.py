"""The WSGI entry point; ``flask`` and the web server both start here."""

import os
import sys

from app import schema
from app.config import SettingsError
from app.domain.refusals import NotReadyError
from app.factory import create_app

try:
    app = create_app()
except SettingsError as wrong:
    print(wrong, file=sys.stderr)
    sys.exit(2)

# A server refuses a schema it does not know. The command line starts on any: it moves the schema.
if "FLASK_RUN_FROM_CLI" not in os.environ:
    try:
        schema.refuse_unless_current(app.extensions["engine"])
    except NotReadyError as refusal:
        sys.exit(str(refusal))
