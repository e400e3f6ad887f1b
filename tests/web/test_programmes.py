"""Programme pages."""

import pytest

from app.database import unit_of_work
from app.services import programmes
from app.services.actor import Actor
from models.vocabulary import Door
from tests.factories import an_experiment


@pytest.fixture
def experiment(engine, cast):
    with unit_of_work(engine) as session:
        peru, markets = session.merge(cast.peru), session.merge(cast.markets)
        return an_experiment(session, peru, markets, owner_id=cast.staff.id)


@pytest.mark.parametrize(("language", "name"), [("es", "Mercados y sustento"), ("en", "Markets")])
def test_a_programme_shows_its_experiments_in_the_readers_language(
    client_of, cast, experiment, language, name
):
    staff = client_of(cast.staff)
    assert name in staff.get(f"/programmes?lang={language}").text
    page = staff.get("/programmes/PE-MERCADOS").text
    assert name in page
    assert experiment.title in page


def test_an_officer_sees_their_own_programme_and_no_other(client_of, cast, experiment):
    officer = client_of(cast.officer)
    assert officer.get("/programmes/PE-MERCADOS").status_code == 200
    assert officer.get("/programmes/PE-INCLUSION").status_code == 404
    assert "PE-INCLUSION" not in officer.get("/programmes").text


def test_a_programme_tells_who_added_it_and_nothing_where_nobody_wrote_it_down(
    client_of, cast, engine
):
    with unit_of_work(engine) as session:
        programmes.add(
            session,
            session.merge(cast.peru),
            code="PE-AGUA",
            name_en="Water",
            name_es="Agua",
            by=Actor(cast.admin, Door.CLI),
        )
    staff = client_of(cast.staff)
    history = staff.get("/programmes/PE-AGUA?lang=en").text.split('id="history"')[1]
    assert "Programme added" in history
    assert cast.admin.name in history
    assert 'id="history"' not in staff.get("/programmes/PE-MERCADOS").text


def test_another_offices_programme_does_not_exist(client_of, cast):
    assert client_of(cast.stranger).get("/programmes/PE-MERCADOS").status_code == 404


def test_a_reader_sees_reports_only(client_of, cast):
    reader = client_of(cast.reader)
    assert reader.get("/programmes").status_code == 403
    assert reader.get("/reports").status_code == 200


@pytest.mark.parametrize(
    ("path", "part"),
    [("/programmes", "staff"), ("/programmes/PE-MERCADOS", "staff")],
)
def test_a_page_costs_the_same_number_of_statements_however_much_it_shows(
    client_of, cast, engine, statements, experiment, path, part
):
    client = client_of(getattr(cast, part))

    def cost():
        client.get(path)
        statements.clear()
        client.get(path)
        return len(statements)

    one = cost()
    with unit_of_work(engine) as session:
        for _n in range(6):
            peru, markets = session.merge(cast.peru), session.merge(cast.markets)
            an_experiment(session, peru, markets, owner_id=cast.staff.id)
    assert cost() == one
