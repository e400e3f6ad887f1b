"""People: who has an account, which roles they hold where, and whether they may sign in."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.database import current_session
from app.domain.refusals import RefusalError
from app.domain.roles import place_of
from app.errors import status_of
from app.queries.people import PeopleFilters, people_page, person_by_id
from app.queries.programmes import offices_in, programmes_in
from app.queries.scope import Scope
from app.security.guards import requires
from app.security.login import current_actor, current_person
from app.security.permissions import Permission
from app.security.policy import scope_of
from app.services import passwords, people, roles
from app.web.addresses import page_number, words
from app.web.forms.conflicts import saved_or_compared
from app.web.forms.people import NewPersonForm, PersonForm, RoleForm
from app.web.history import entries_shown
from app.web.people_history import person_history
from models import Person
from models.vocabulary import Role

pages = Blueprint("people", __name__, url_prefix="/people")
STATES = {"open": False, "disabled": True}


@pages.get("")
@requires(Permission.MANAGE_PEOPLE)
def index() -> ResponseReturnValue:
    """Everybody who holds a role where the reader administers."""
    found = people_page(current_session(), scope=_scope(), filters=_filters(), page=page_number())
    return render_template(
        "people/index.html",
        found=found,
        roles=list(Role),
        page_url=_page_url,
        filtered=_filters() != PeopleFilters(),
    )


@pages.get("/new")
@requires(Permission.MANAGE_PEOPLE)
def new() -> ResponseReturnValue:
    """The form for somebody new."""
    return render_template("people/new.html", form=_offering(NewPersonForm(formdata=None)))


@pages.post("")
@requires(Permission.MANAGE_PEOPLE)
def create() -> ResponseReturnValue:
    """Add a person; the password made up for them is shown once."""
    form = _offering(NewPersonForm())
    if form.validate_on_submit():
        try:
            person, password = people.invite(
                current_session(),
                email=form.email.data or "",
                name=form.name.data or "",
                role=form.role.data,
                place=form.place.place,
                language=form.language.data,
                by=current_actor(),
                at=now(),
            )
        except RefusalError as refusal:
            form.refuse(refusal)
        else:
            return _shown_once(person, password, is_new=True)
    return render_template("people/new.html", form=form), form.status


@pages.get("/<int:person_id>")
@requires(Permission.MANAGE_PEOPLE)
def show(person_id: int) -> ResponseReturnValue:
    """One person: roles, account and history."""
    return _page(_person(person_id), _offering(RoleForm(formdata=None)))


@pages.get("/<int:person_id>/edit")
@requires(Permission.MANAGE_PEOPLE)
def edit(person_id: int) -> ResponseReturnValue:
    """What the account says, in its form."""
    person = _person(person_id)
    return render_template("people/edit.html", subject=person, form=_form_for(person))


@pages.post("/<int:person_id>")
@requires(Permission.MANAGE_PEOPLE)
def update(person_id: int) -> ResponseReturnValue:
    """Change what the account says."""
    person, form = _person(person_id), PersonForm()
    is_saved, differences = saved_or_compared(
        form,
        lambda: people.edit(
            current_session(),
            person,
            email=form.email.data or "",
            name=form.name.data or "",
            language=form.language.data,
            seen_version=form.seen_version,
            by=current_actor(),
        ),
        standing=lambda: _stored(person),
    )
    if is_saved:
        flash(_("Saved."), "success")
        return redirect(url_for("people.show", person_id=person.id), 303)
    page = render_template("people/edit.html", subject=person, form=form, differences=differences)
    return page, form.status


@pages.post("/<int:person_id>/roles")
@requires(Permission.MANAGE_PEOPLE)
def give_role(person_id: int) -> ResponseReturnValue:
    """Give another role."""
    person, form = _person(person_id), _offering(RoleForm())
    if form.validate_on_submit():
        role, place = form.role.data, form.place.place
        try:
            roles.give_role(current_session(), person, role=role, place=place, by=current_actor())
        except RefusalError as refusal:
            form.refuse(refusal)
        else:
            flash(_("%(name)s holds the role now.", name=person.name), "success")
            return redirect(url_for("people.show", person_id=person.id), 303)
    return _page(person, form)


@pages.post("/<int:person_id>/roles/<int:membership_id>/take")
@requires(Permission.MANAGE_PEOPLE)
def take_role(person_id: int, membership_id: int) -> ResponseReturnValue:
    """Take a role away."""
    session, person = current_session(), _person(person_id)
    return _done(
        person,
        lambda: roles.take_role(session, person, membership_id=membership_id, by=current_actor()),
        _("The role is taken away."),
    )


@pages.post("/<int:person_id>/disable")
@requires(Permission.MANAGE_PEOPLE)
def disable(person_id: int) -> ResponseReturnValue:
    """Close the account."""
    session, person = current_session(), _person(person_id)
    return _done(
        person,
        lambda: people.disable(session, person, by=current_actor(), at=now()),
        _("The account is disabled, and every device is signed out."),
    )


@pages.post("/<int:person_id>/enable")
@requires(Permission.MANAGE_PEOPLE)
def enable(person_id: int) -> ResponseReturnValue:
    """Open the account again."""
    session, person = current_session(), _person(person_id)
    return _done(
        person,
        lambda: people.enable(session, person, by=current_actor()),
        _("The account is open again."),
    )


@pages.post("/<int:person_id>/sign-out")
@requires(Permission.MANAGE_PEOPLE)
def sign_out(person_id: int) -> ResponseReturnValue:
    """Sign the person out on every device."""
    session, person = current_session(), _person(person_id)
    return _done(
        person,
        lambda: people.sign_out(session, person, by=current_actor()),
        _("Every device is signed out."),
    )


@pages.post("/<int:person_id>/password")
@requires(Permission.MANAGE_PEOPLE)
def give_password(person_id: int) -> ResponseReturnValue:
    """Set a temporary password and show it once."""
    person = _person(person_id)
    try:
        password = passwords.give_temporary(current_session(), person, by=current_actor(), at=now())
    except RefusalError as refusal:
        return _page(person, _offering(RoleForm(formdata=None)), refusal)
    return _shown_once(person, password)


def _scope() -> Scope:
    return scope_of(current_person(), Permission.MANAGE_PEOPLE)


def _person(person_id: int) -> Person:
    return person_by_id(current_session(), person_id, scope=_scope())


def _offering(form: RoleForm) -> RoleForm:
    session, scope = current_session(), _scope()
    form.place.offer(
        offices_in(session, scope=scope),
        programmes_in(session, scope=scope),
        everywhere=scope.everything,
    )
    return form


def _form_for(person: Person) -> PersonForm:
    return PersonForm(
        formdata=None,
        name=person.name,
        email=person.email,
        language=person.language,
        version=person.version,
    )


def _stored(person: Person) -> PersonForm:
    """The account as it stands now: somebody may have saved it since it was loaded."""
    current_session().refresh(person, ["name", "email", "language", "version"])
    return _form_for(person)


def _done(person: Person, act: Callable[[], None], said: str) -> ResponseReturnValue:
    """Do what a button asks for; a refusal is told on the person's page."""
    try:
        act()
    except RefusalError as refusal:
        return _page(person, _offering(RoleForm(formdata=None)), refusal)
    flash(said, "success")
    return redirect(url_for("people.show", person_id=person.id), 303)


def _page(
    person: Person, form: RoleForm, refusal: RefusalError | None = None
) -> ResponseReturnValue:
    reach = current_actor().reach
    page = render_template(
        "people/show.html",
        subject=person,
        form=form,
        refusal=refusal,
        is_mine={held.id: reach.covers(place_of(held)) for held in person.memberships},
        is_whole=reach.covers_all_of(person),
        is_own=person.id == current_person().id,
        history=person_history(entries_shown(f"person:{person.id}")),
    )
    return page, status_of(refusal) if refusal else form.status


def _shown_once(person: Person, password: str, *, is_new: bool = False) -> Response:
    days = passwords.TEMPORARY_FOR.days
    page = render_template(
        "people/password.html", subject=person, password=password, days=days, new=is_new
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _filters() -> PeopleFilters:
    asked = request.args
    role = asked.get("role")
    return PeopleFilters(
        words=words("q"),
        role=Role(role) if role in set(Role) else None,
        is_disabled=STATES.get(asked.get("state", "")),
    )


def _page_url(page: int) -> str:
    asked = {name: value for name, value in request.args.items() if name != "page"}
    return f"{url_for('people.index')}?{urlencode(asked | {'page': page})}"
