"""Who may open what: every route of the application for everybody of the cast.

A row is a method, an endpoint, one letter a person in the order of COLUMNS, and an address in the
Peruvian office. A route that is not written here fails tests/house/test_access_matrix.py: say
who may open it before it is merged.

    o  open: whatever the page answers, it is for them (a form may still be incomplete)
    s  asked to sign in
    f  forbidden (403): their role does not do this
    n  not there (404): it lies outside their offices and programmes

The record at hand is an experiment of the markets programme. Otto reviews markets, Olga another
programme of the same office; Pia administers the Peruvian office alone, Ada the installation;
Stella is staff of another office.
"""

from dataclasses import dataclass

COLUMNS = (
    "anonymous",
    "staff",
    "officer",
    "other_officer",
    "head",
    "admin",
    "office_admin",
    "reader",
    "stranger",
)

TABLE = """
GET  health.up                  ooooooooo  /healthz
GET  health.ready               ooooooooo  /readyz
GET  account.sign_in            ooooooooo  /sign-in
POST account.sign_in            ooooooooo  /sign-in
GET  account.show               soooooooo  /account
POST account.update             soooooooo  /account
POST account.choose_letters     soooooooo  /account/letters
GET  account.password           soooooooo  /account/password
POST account.change_password    soooooooo  /account/password
POST account.sign_out_device    sonnnnnnn  /account/devices/{device}/sign-out
POST account.sign_out_others    soooooooo  /account/devices/sign-out
POST account.sign_out           soooooooo  /sign-out

GET  desk.index                 soooooooo  /

GET  people.index               sffffooff  /people
GET  people.new                 sffffooff  /people/new
POST people.create              sffffooff  /people
GET  people.show                sffffooff  /people/{person}
GET  people.edit                sffffooff  /people/{person}/edit
POST people.update              sffffooff  /people/{person}
POST people.give_role           sffffooff  /people/{person}/roles
POST people.take_role           sffffooff  /people/{person}/roles/{role}/take
POST people.disable             sffffooff  /people/{person}/disable
POST people.enable              sffffooff  /people/{person}/enable
POST people.sign_out            sffffooff  /people/{person}/sign-out
POST people.give_password       sffffooff  /people/{person}/password

GET  plans.index                soooooofo  /plans
GET  plans.new                  soffofffo  /plans/new
POST plans.create               soffofffo  /plans
GET  plans.show                 soooooofn  /plans/{plan}
GET  plans.edit                 soffofffn  /plans/{plan}/edit
POST plans.update               soffofffn  /plans/{plan}
POST plans.submit               soffofffn  /plans/{plan}/submit
POST plans.take_back            soffofffn  /plans/{plan}/take-back
GET  plans.export               soooooofn  /plans/{plan}/export/json
GET  plan_imports.new           soffofffo  /plans/import
POST plan_imports.review        soffofffo  /plans/import
POST plan_imports.save          soffofffo  /plans/import/save
GET  plan_reflections.new       soffofffn  /plans/{plan}/reflection/new
POST plan_reflections.create    soffofffn  /plans/{plan}/reflection/new
GET  plan_reflections.edit      soffofffn  /plans/reflections/{reflection}/edit
POST plan_reflections.update    soffofffn  /plans/reflections/{reflection}/edit
GET  plan_reflections.show      soooooofn  /plans/reflections/{reflection}
POST plan_reflections.attach    soffofffn  /plans/reflections/{reflection}/attach

GET  experiments.index          soooooofo  /experiments
GET  experiments.new            soffofffo  /experiments/new
POST experiments.create         soffofffo  /experiments/new
GET  experiments.show           soonooofn  /experiments/{experiment}
GET  experiments.edit           soffofffn  /experiments/{experiment}/edit
POST experiments.update         soffofffn  /experiments/{experiment}/edit
GET  steps.edit                 soffofffn  /experiments/{experiment}/step
POST steps.update               soffofffn  /experiments/{experiment}/step
GET  gates.show                 soonooofn  /experiments/{experiment}/gate
POST gates.ask                  soffofffn  /experiments/{experiment}/gate
POST gates.decide               sfffoffff  /experiments/{experiment}/gate/{gate}
POST gates.withdraw             soffffffn  /experiments/{experiment}/gate/{gate}/withdraw
GET  registration.show          soonooofn  /experiments/{experiment}/registration
GET  registration.new           soffofffn  /experiments/{experiment}/registration/new
POST registration.create        soffofffn  /experiments/{experiment}/registration/new
GET  registration.document      soonooofn  /experiments/{experiment}/registration/documents/0
GET  hypotheses.new             soffofffn  /experiments/{experiment}/hypotheses/new
POST hypotheses.create          soffofffn  /experiments/{experiment}/hypotheses/new
GET  hypotheses.edit            soffofffn  /experiments/{experiment}/hypotheses/{hypothesis}/edit
POST hypotheses.update          soffofffn  /experiments/{experiment}/hypotheses/{hypothesis}/edit
POST hypotheses.remove          soffofffn  /experiments/{experiment}/hypotheses/{hypothesis}/remove
GET  metrics.new                soffofffn  /experiments/{experiment}/metrics/new
POST metrics.create             soffofffn  /experiments/{experiment}/metrics/new
GET  metrics.show               soonooofn  /experiments/{experiment}/metrics/{metric}
GET  metrics.edit               soffofffn  /experiments/{experiment}/metrics/{metric}/edit
POST metrics.update             soffofffn  /experiments/{experiment}/metrics/{metric}/edit
POST metrics.remove             soffofffn  /experiments/{experiment}/metrics/{metric}/remove
GET  removals.show              soffofffn  /experiments/{experiment}/removed/metrics/{removed}
POST removals.restore           soffofffn  /experiments/{experiment}/removed/metrics/{removed}
GET  measurements.new           soffofffn  /experiments/{experiment}/readings/new
POST measurements.create        soffofffn  /experiments/{experiment}/readings/new?metric={metric}
GET  measurements.edit          soffofffn  /experiments/{experiment}/readings/{measurement}/correct
POST measurements.update        soffofffn  /experiments/{experiment}/readings/{measurement}/correct
GET  levels.edit                sfffoffff  /experiments/{experiment}/level
POST levels.update              sfffoffff  /experiments/{experiment}/level
GET  decisions.new              sfffoffff  /experiments/{experiment}/decisions/new
POST decisions.create           sfffoffff  /experiments/{experiment}/decisions/new

GET  comments.index             soonooofn  /experiments/{experiment}/comments
POST comments.create            soonooofn  /experiments/{experiment}/comments
POST comments.resolve           soonooofn  /experiments/{experiment}/comments/{comment}/resolve
POST comments.reopen            soonooofn  /experiments/{experiment}/comments/{comment}/reopen
POST comments.remove            sofnffffn  /experiments/{experiment}/comments/{comment}/remove
POST comments.restore           sofnffffn  /experiments/{experiment}/comments/{comment}/restore
POST mentions.seen              soooooooo  /mentions/seen

GET  advisor.show               soooooofo  /advisor

GET  programmes.index           soooooofo  /programmes
GET  programmes.show            soonooofn  /programmes/{programme}

GET  review_submissions.index   soffofffn  /reviews/submit?experiment={experiment}
POST review_submissions.create  soffofffn  /reviews/submit?experiment={experiment}
GET  reviews.index              sfoofffff  /reviews
POST reviews.accept             sfoofffff  /reviews/accept
GET  reviews.edit               sfonfffff  /reviews/{quarter}/{programme}/{experiment}
POST reviews.update             sfonfffff  /reviews/{quarter}/{programme}/{experiment}

GET  quarters.index             soooooofo  /quarters
GET  quarters.show              soooooofn  /quarters/{quarter}?office=PE
GET  quarters.confirm           sfffoffff  /quarters/{quarter}/close?office=PE
GET  quarters.differences       sfffoffff  /quarters/{quarter}/differences?office=PE
POST quarters.close             sfffoffff  /quarters/{quarter}/close?office=PE
POST quarters.begin             sfffoffff  /quarters/{quarter}/begin?office=PE
POST quarters.reopen            sfffoffff  /quarters/{quarter}/reopen?office=PE
POST quarters.introduce         sfffoffff  /quarters/{quarter}/introduction?office=PE
POST quarters.nudge             sfffoffff  /quarters/{quarter}/nudge?office=PE
POST quarters.give_exception    sfffoffff  /quarters/{quarter}/exceptions?office=PE
POST quarters.end_exception     sfffoffff  /quarters/{quarter}/exceptions/1/end?office=PE
POST quarters.correct           sfffoffff  /quarters/{quarter}/corrections?office=PE

GET  reports.index              soooooooo  /reports
POST reports.create             sfffoffff  /reports
GET  reports.show               sooooooon  /reports/{report}
GET  reports.file               sooooooon  /reports/{report}/file
GET  reports.read               sooooooon  /reports/{report}/read/cover
GET  reports.style              soooooooo  /reports/print.css
GET  reports.word               sooooooon  /reports/{report}/word
GET  reports.spreadsheet        sooooooon  /reports/{report}/spreadsheet
GET  stage_reports.new          soonofffn  /experiments/{experiment}/reports
POST stage_reports.create       soonofffn  /experiments/{experiment}/reports
GET  plan_reports.new           soffofffn  /plans/{plan}/report
POST plan_reports.create        soffofffn  /plans/{plan}/report
POST reports.cancel             sfffoffff  /reports/{report}/cancel
"""


@dataclass(frozen=True)
class Row:
    """One route and what it answers to whom."""

    method: str
    endpoint: str
    address: str
    answers: dict[str, str]


def rows() -> list[Row]:
    """The table, read."""
    lines = [line.split() for line in TABLE.splitlines() if line and not line.startswith("#")]
    return [
        Row(method, endpoint, address, dict(zip(COLUMNS, letters, strict=True)))
        for method, endpoint, letters, address in lines
    ]
