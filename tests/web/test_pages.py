"""The proof-reader passes a good page and is able to fail on every kind of fault."""

import pytest

from tests.web.pages import faults_of, proof_read

GOOD = """<!DOCTYPE html>
<html lang="es">
  <head><meta charset="utf-8"><title>Experimentos · Chaski</title>
    <script type="module" src="/static/chaski.js"></script></head>
  <body>
    <a href="#content">Saltar</a>
    <main id="content">
      <h1>Experimentos</h1>
      <p>Nadie quiere perder 12 % de la señal (None of these is printed by mistake).</p>
      <p data-verbatim>None</p>
      <form method="get" action="/experiments"><label for="q">Palabras</label>
        <input id="q" name="q"></form>
      <form method="post" action="/sign-out">
        <input type="hidden" name="csrf_token" value="x">
        <label>Etapa <select name="stage"><option value="big_bet">Gran apuesta</option>
          </select></label>
        <button type="submit" name="go">Salir</button></form>
      <img src="/a.png" alt="">
      <svg viewBox="0 0 1 1" aria-hidden="true"><path d="M0 0"/></svg>
      <svg viewBox="0 0 1 1"><title>De 12 a 31</title><path d="M0 0"/></svg>
    </main>
  </body>
</html>"""

FAULTS = {
    "no heading": ("<h1>Experimentos</h1>", "", "0 h1 instead of one"),
    "two headings": ("</main>", "<h1>Experimentos</h1></main>", "2 h1"),
    "an empty heading": ("<h1>Experimentos</h1>", "<h1> </h1>", "an empty h1"),
    "a title of another page": ("<title>Experimentos", "<title>Planes", "does not begin with"),
    "no title": ("<title>Experimentos · Chaski</title>", "", "does not begin with"),
    "an unclosed element": ("</h1>", "", "not valid HTML"),
    "an attribute twice": ('<input id="q"', '<input id="q" id="q"', "not valid HTML"),
    "a paragraph in a table": ("</main>", "<table><p>x</p></table></main>", "not valid HTML"),
    "no doctype": ("<!DOCTYPE html>", "", "not valid HTML"),
    "another language": ('lang="es"', 'lang="fr"', "language is 'fr'"),
    "no language": (' lang="es"', "", "language is None"),
    "an id twice": ("</main>", '<p id="q"></p></main>', "'q' occurs 2 times"),
    "a label for nothing": ('for="q"', 'for="p"', "points to no 'p'"),
    "a link to no place": ('href="#content"', 'href="#top"', "points to no 'top'"),
    "a hint that is missing": ('name="q"', 'name="q" aria-describedby="q-hint"', "no 'q-hint'"),
    "a form without a method": ('method="get" ', "", "without a method"),
    "a form of an unknown method": ('method="get"', 'method="put"', "without a method"),
    "a form without its token": ('name="csrf_token"', 'name="other"', "without its token"),
    "an empty token": ('name="csrf_token" value="x"', 'name="csrf_token" value=""', "csrf_token"),
    "an input without a label": ('<label for="q">Palabras</label>', "", "without a label: q"),
    "an input with an empty label": (">Palabras<", "><", "without a label: q"),
    "a select without a label": ("</main>", '<select name="s"></select></main>', "label: s"),
    "a textarea without a label": ("</main>", '<textarea name="t"></textarea></main>', "label: t"),
    "a picture without alt": (' alt=""', "", "a picture without alt: /a.png"),
    "a drawing without words": ("<title>De 12 a 31</title>", "", "neither described nor hidden"),
    "an inline style": ("<h1>", '<h1 style="color: red">', "an inline style on <h1>"),
    "a style in a drawing": ('<path d="M0 0"/>', '<path style="x" d="M0 0"/>', "inline style"),
    "a style element": ("</head>", "<style>h1 {}</style></head>", "a <style> element"),
    "a script inside": ("</head>", "<script>go()</script></head>", "a script inside the page"),
    "an event attribute": ("<h1>", '<h1 onclick="go()">', "an inline onclick"),
    "a script address": ('href="#content"', 'href="javascript:go()"', "a script in the href"),
    "None": ("Nadie quiere", "None</p><p>Nadie quiere", "None is printed in <p>"),
    "None after a label": ("Nadie quiere", "Meta: None", "None is printed in <p>"),
    "None after an element": ("</h1>", "</h1>None", "None is printed"),
    "None in a field": ('name="q"', 'name="q" value="None"', "None is printed in the value"),
    "None in an address": (
        'action="/experiments"',
        'action="/experiments/None"',
        "address with None",
    ),
    "a template's brackets": ("Nadie", "{{ nadie }}", "a template's brackets"),
    "a template's statement": ("Nadie", "{% if nadie %}", "a template's brackets"),
    "an unfilled place": ("Nadie", "%(nadie)s", "an unfilled place"),
    "an unfilled place in an attribute": ('alt=""', 'alt="%(n)s"', "an unfilled place"),
    "an enumeration": ("Nadie", "&lt;Stage.TEST: 'test'&gt;", "a Python object"),
    "an object": ("Nadie", "&lt;Plan object at 0x7f&gt;", "a Python object"),
    "a macro": ("Nadie", "&lt;Macro 'chart'&gt;", "a Python object"),
    "a decimal": ("Nadie", "Decimal('1')", "a Python object"),
    "an undefined": ("Nadie", "Undefined", "a Python object"),
    "a spelling of the database": ("Palabras", "under_review", "as the database spells it"),
}


def test_it_finds_nothing_on_a_good_page() -> None:
    proof_read(GOOD, url="/experiments")


@pytest.mark.parametrize(("old", "new", "told"), FAULTS.values(), ids=FAULTS.keys())
def test_it_finds(old: str, new: str, told: str) -> None:
    assert old in GOOD
    faults = faults_of(GOOD.replace(old, new, 1))
    assert any(told in fault for fault in faults), faults


def test_it_leaves_people_their_own_words() -> None:
    words = "{{ x }} %(y)s &lt;Stage.TEST: 1&gt; big_bet"
    proof_read(GOOD.replace("<p data-verbatim>None", f"<p data-verbatim>{words}"), url="/plans")


def test_it_names_the_page_and_every_fault_at_once() -> None:
    with pytest.raises(AssertionError, match=r"/plans: .*language.*; .*without alt"):
        proof_read(GOOD.replace(' lang="es"', "").replace(' alt=""', ""), url="/plans")
