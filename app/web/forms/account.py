"""Forms of the account pages."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField
from wtforms.validators import EqualTo, InputRequired

from app.web.forms.base import Form
from app.web.forms.fields import TextField, WordField
from models.vocabulary import Language


class SignInForm(Form):
    """E-mail and password."""

    email = TextField(
        _l("E-mail"),
        [InputRequired()],
        render_kw={"autocomplete": "username", "type": "email", "inputmode": "email"},
    )
    password = PasswordField(
        _l("Password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )


class PasswordForm(Form):
    """Change one's own password."""

    current_password = PasswordField(
        _l("Current password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )
    new_password = PasswordField(
        _l("New password"), [InputRequired()], render_kw={"autocomplete": "new-password"}
    )
    new_password_again = PasswordField(
        _l("New password, again"),
        [InputRequired(), EqualTo("new_password", _l("The two new passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class AccountForm(Form):
    """The language the person reads."""

    language = WordField(_l("Language"), list(Language), validators=[InputRequired()])


class LettersForm(Form):
    """Which letters the person wants."""

    wants_digest = BooleanField(_l("Send me a letter on Mondays when something waits for me"))
