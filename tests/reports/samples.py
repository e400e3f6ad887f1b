"""Snapshots to print in tests: an empty quarter, one experiment, many, and unfriendly texts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.domain.statistics.menu import Outcome
from app.reports.plan_snapshot import (
    AnsweringLine,
    ComparedLine,
    EvidenceLine,
    ImportLine,
    NamesCompared,
    PartnersCompared,
    PlanPartner,
    PlanSnapshot,
    QuestionLine,
    ReflectionLine,
    TimeShares,
)
from app.reports.snapshot import (
    AmendedField,
    AmendmentLine,
    BaselineLine,
    DecisionLine,
    ExperimentSection,
    FindingLine,
    Gap,
    GapKind,
    HypothesisLine,
    MeasurementPoint,
    MetricLine,
    OfficeLine,
    PartnerLine,
    PlanLine,
    ProgrammeLine,
    ProgrammeShare,
    QuarterlySnapshot,
    RegistrationLine,
    ReviewLine,
    SourceLine,
    StageEntryLine,
)
from app.reports.stage_snapshot import StageSnapshot
from models.vocabulary import (
    Arm,
    ChallengeType,
    ComparisonDesign,
    ControlGroup,
    DecisionKind,
    DesignType,
    Direction,
    EvidenceKind,
    ExperimentKind,
    ExperimentState,
    Impact,
    MetricKind,
    MetricRole,
    PageKind,
    PauseReason,
    ProgrammeRole,
    ReviewState,
    ScalingOutcome,
    Sector,
    Stage,
    Verdict,
)

PROGRAMMES = (
    ProgrammeLine(code="PROS", name_en="Prosperity", name_es="Prosperidad"),
    ProgrammeLine(
        code="GOV",
        name_en="Democratic governance",
        name_es="Gobernanza democrática",
    ),
    ProgrammeLine(
        code="RES",
        name_en="Environment and resilience",
        name_es="Ambiente y resiliencia",
    ),
)


def quarter(**changes: Any) -> QuarterlySnapshot:
    """The third quarter of 2026 of a lab in Peru, with whatever the test says of it."""
    given: dict[str, Any] = {
        "office": OfficeLine(code="PE", name="Laboratorio de Aceleración del PNUD en el Perú"),
        "quarter": "2026-Q3",
        "starts_on": date(2026, 7, 1),
        "ends_on": date(2026, 9, 30),
        "data_as_of": datetime(2026, 9, 30, 22, 15, tzinfo=UTC),
        "programmes": PROGRAMMES,
    }
    return QuarterlySnapshot(**{**given, **changes})


def empty_quarter() -> QuarterlySnapshot:
    """A quarter with nothing in it."""
    return quarter(data_as_of=None, programmes=())


def experiment(code: str = "PE-2026-001", **changes: Any) -> ExperimentSection:
    """An experiment with every block filled and nothing of it demonstration data."""
    given: dict[str, Any] = {
        "code": code,
        "title": "Vender por un canal digital en los mercados de Ate",
        "learning_intent": "¿Qué necesita una comerciante para vender por un canal digital "
        "sin depender de sus hijos o vecinos?",
        "plan": PlanLine(
            code="PE-2022-P01",
            title="Digitalization for development",
            question="How can the impact of projects be amplified by closing the digital divide?",
        ),
        "kind": ExperimentKind.PILOT,
        "stage": Stage.TEST,
        "state": ExperimentState.RUNNING,
        "registered_on": date(2026, 3, 2),
        "starts_on": date(2026, 4, 1),
        "ends_on": date(2026, 12, 15),
        "owner": "Rosa Huamán",
        "programmes": (
            ProgrammeShare(code="GOV", role=ProgrammeRole.CONTRIBUTING),
            ProgrammeShare(code="PROS", role=ProgrammeRole.LEAD),
        ),
        "places": ("Ate, Lima", "Cajamarca"),
        "departments": ("06", "15"),
        "partners": ("Internet para Todos", "Agros"),
        "partnerships": (
            PartnerLine(
                name="Internet para Todos", sector=Sector.PRIVATE_SECTOR, new_and_unusual=True
            ),
            PartnerLine(name="Agros", sector=Sector.CIVIL_SOCIETY, new_and_unusual=False),
        ),
        "groups_reached": "28 mujeres dirigentes de mercados de alimentos",
        "design_type": DesignType.QUASI_EXPERIMENTAL,
        "control_group": ControlGroup.DIFFERENT_GROUP,
        "sample_planned": 1240,
        "budget_planned_usd": Decimal("9500.00"),
        "cost_actual_usd": Decimal("4120.50"),
        "journey": journey(),
        "hypotheses": (hypothesis(),),
        "metrics": (selling(), waiting()),
        "what_happened": "Las sesiones presenciales llenaron; las virtuales quedaron a la mitad.",
        "obstacles": "El saldo de datos móviles se acaba antes del fin de mes.",
        "surprises": "Quien ya usaba Yape enseñó a las demás en quechua: «kaywanmi rantikuyku».",
        "advice": "Empezar en persona y pasar al teléfono en la tercera semana.",
        "scaling_outcomes": (ScalingOutcome.PARTNERSHIPS, ScalingOutcome.SCALED_IN_NUMBERS),
        "decisions": (decision(),),
        "reviews": (review(),),
        "source": "Bitácora del laboratorio, septiembre de 2026",
    }
    return ExperimentSection(**{**given, **changes})


def bare_experiment(code: str = "PE-2026-900", **changes: Any) -> ExperimentSection:
    """An experiment of which only the core is known: everything else prints as a gap."""
    given: dict[str, Any] = {
        "code": code,
        "title": "Bitácora sin completar",
        "stage": Stage.EXPLORE,
        "state": ExperimentState.IDEA,
        "registered_on": date(2026, 8, 20),
    }
    return ExperimentSection(**{**given, **changes})


def registration(**changes: Any) -> RegistrationLine:
    """Registered in March, 45 days before the first measurement; amended once, after it."""
    fields = (
        {"field": "metrics.1.target", "about": "Comerciantes que venden", "kind": "proportion"},
        {"field": "design.sample_planned"},
    )
    values = ({"before": "0.35", "after": "0.3"}, {"before": 1240, "after": 900})
    given: dict[str, Any] = {
        "on": date(2026, 3, 2),
        "days_before": 45,
        "sha256": "0123456789abcdef" * 4,
        "amendments": (
            AmendmentLine(
                on=date(2026, 8, 14),
                reason="La feria cerró antes.",
                is_major=True,
                is_after_data=True,
                changes=tuple(
                    AmendedField.model_validate({**field, **pair, "is_major": True})
                    for field, pair in zip(fields, values, strict=True)
                ),
            ),
        ),
    }
    return RegistrationLine(**{**given, **changes})


def journey() -> tuple[StageEntryLine, ...]:
    """Explore since March, Test since August."""
    return (
        StageEntryLine(
            stage=Stage.EXPLORE, state=ExperimentState.DESIGN, entered_on=date(2026, 3, 2)
        ),
        StageEntryLine(
            stage=Stage.EXPLORE, state=ExperimentState.RUNNING, entered_on=date(2026, 4, 1)
        ),
        StageEntryLine(
            stage=Stage.TEST,
            state=ExperimentState.RUNNING,
            entered_on=date(2026, 8, 3),
            reason="Hay línea de base y grupo de comparación.",
        ),
    )


def hypothesis(**changes: Any) -> HypothesisLine:
    given: dict[str, Any] = {
        "change": "un acompañamiento de seis semanas en su propio puesto",
        "audience": "mujeres que venden alimentos en dos mercados de Ate",
        "direction": Direction.INCREASE,
        "outcome": "la proporción que vende cada semana por un canal digital",
        "threshold": "20 puntos porcentuales",
        "within": "seis meses",
        "because": "en el piloto de 2022 la formación presencial duplicó el uso",
    }
    return HypothesisLine(**{**given, **changes})


def selling(**changes: Any) -> MetricLine:
    """A proportion with a comparison group."""
    treated = [(4, 3, "0.18"), (5, 20, "0.24"), (7, 1, "0.35"), (8, 12, "0.41"), (9, 20, "0.52")]
    compared = [(4, 3, "0.17"), (7, 1, "0.2"), (9, 20, "0.215")]
    points = [_point(*reading, arm=Arm.TREATMENT, n=60) for reading in treated]
    points += [_point(*reading, arm=Arm.COMPARISON, n=58) for reading in compared]
    given: dict[str, Any] = {
        "name": "Comerciantes que venden cada semana por un canal digital",
        "kind": MetricKind.PROPORTION,
        "direction": Direction.INCREASE,
        "role": MetricRole.PRIMARY,
        "baseline": BaselineLine(value=Decimal("0.17"), n=60, on=date(2026, 3, 15)),
        "target": Decimal("0.6"),
        "target_on": date(2026, 12, 15),
        "on_track": True,
        "points": tuple(points),
    }
    return MetricLine(**{**given, **changes})


def waiting(**changes: Any) -> MetricLine:
    """A mean that should fall."""
    given: dict[str, Any] = {
        "name": "Tiempo para registrar una venta",
        "unit": "minutos",
        "kind": MetricKind.MEAN,
        "direction": Direction.DECREASE,
        "role": MetricRole.GUARDRAIL,
        "baseline": BaselineLine(value=Decimal("12.5"), n=24, on=date(2026, 6, 30)),
        "target": Decimal(8),
        "on_track": False,
        "points": (
            _point(7, 5, "13.1", n=24),
            _point(8, 9, "12.25", n=22),
            _point(9, 18, "11.8", n=23),
        ),
    }
    return MetricLine(**{**given, **changes})


def found(**changes: Any) -> FindingLine:
    """A supported difference of two shares: 30.5 points, from 14.6 to 46.4."""
    given: dict[str, Any] = {
        "verdict": Verdict.SUPPORTED,
        "outcome": Outcome.PROPORTION,
        "design": ComparisonDesign.TWO_GROUPS,
        "method": "newcombe_hybrid_score",
        "estimate": "0.305",
        "low": "0.146",
        "high": "0.464",
        "p_value": "0.0006",
        "confidence": "0.95",
        "least": "0.1",
        "direction": Direction.INCREASE,
        "n": 118,
        "as_of": date(2026, 9, 20),
    }
    return FindingLine(**{**given, **changes})


def guarded(**changes: Any) -> FindingLine:
    """A mean that may rise by 2 at most, and fell by 0.4 (−2.1 to 1.3)."""
    given: dict[str, Any] = {
        "verdict": Verdict.INCONCLUSIVE,
        "outcome": Outcome.MEAN,
        "method": "welch_t",
        "estimate": "-0.4",
        "low": "-2.1",
        "high": "1.3",
        "least": None,
        "margin": "2",
        "direction": Direction.DECREASE,
        "unit": "minutos",
    }
    return found(**{**given, **changes})


def _point(month: int, day: int, value: str, **changes: Any) -> MeasurementPoint:
    return MeasurementPoint(on=date(2026, month, day), value=Decimal(value), **changes)


def decision(**changes: Any) -> DecisionLine:
    given: dict[str, Any] = {
        "kind": DecisionKind.PERSEVERE,
        "decided_on": date(2026, 9, 25),
        "people": "Rosa Huamán, Luis Quispe",
        "reason": "La brecha con el grupo de comparación crece en cada medición.",
        "next_step": "Abrir un tercer mercado en octubre.",
        "review_on": date(2026, 12, 20),
    }
    return DecisionLine(**{**given, **changes})


def review(**changes: Any) -> ReviewLine:
    given: dict[str, Any] = {
        "programme": "PROS",
        "state": ReviewState.ACCEPTED,
        "impact": Impact.EMERGING,
        "comment": "El uso semanal subió; falta ver si suben los ingresos.",
        "reviewer": "Carmen Ávila",
        "reviewed_on": date(2026, 9, 28),
    }
    return ReviewLine(**{**given, **changes})


def one_experiment() -> QuarterlySnapshot:
    """A quarter with one full experiment, its missing review and a source."""
    return quarter(
        introduction="El trimestre confirma que la digitalización empieza en persona. "
        "Pedimos al comité decidir sobre el tercer mercado.",
        experiments=(experiment(),),
        gaps=(
            Gap(
                kind=GapKind.NO_REVIEW,
                experiment="PE-2026-001",
                programme="GOV",
                owed_by="Julio Mamani",
                due_on=date(2026, 9, 30),
            ),
        ),
        sources=(
            SourceLine(
                text="UNDP Accelerator Labs, archivo público",
                address="https://sdg-innovation-commons.org",
            ),
        ),
    )


def many_experiments(count: int) -> QuarterlySnapshot:
    """A quarter with ``count`` experiments of every stage and state, some of them demonstration."""
    sections = tuple(_one_of_many(n) for n in range(count))
    gaps = [
        Gap(kind=kind, experiment=section.code, metric=metric, owed_by=section.owner)
        for section in sections
        for kind, metric in _what_lacks(section)
    ]
    return quarter(experiments=sections, gaps=tuple(gaps))


def _what_lacks(section: ExperimentSection) -> list[tuple[GapKind, str]]:
    lacks = [] if section.hypotheses else [(GapKind.NO_HYPOTHESIS, "")]
    lacks += [] if section.metrics else [(GapKind.NO_METRIC, "")]
    lacks += [(GapKind.NO_READING, m.name) for m in section.metrics if not m.points]
    lacks += [(GapKind.NO_BASELINE, m.name) for m in section.metrics if not m.baseline]
    return lacks


def _one_of_many(n: int) -> ExperimentSection:
    code = f"PE-2026-{n + 1:03}"
    state = list(ExperimentState)[n % len(ExperimentState)]
    stage = list(Stage)[1 + n % 3]
    since = date(2026, 2, 1) + timedelta(days=5 * n % 230)
    paused = PauseReason.COUNTERPART_CHANGED if state is ExperimentState.PAUSED else None
    entry = StageEntryLine(stage=stage, state=state, entered_on=since, pause_reason=paused)
    changes: dict[str, Any] = {
        "title": TITLES[n % len(TITLES)],
        "stage": stage,
        "state": state,
        "pause_reason": paused,
        "registered_on": since,
        "journey": (entry,),
        "programmes": (ProgrammeShare(code=PROGRAMMES[n % 3].code, role=ProgrammeRole.LEAD),),
        "reviews": (),
        "is_demonstration": n % 4 == 1,
    }
    if n % 5 == 4:
        del changes["programmes"], changes["reviews"]
        return bare_experiment(code, **changes)
    if n % 5 == 3:
        changes["metrics"] = (selling(points=()), waiting(baseline=None, on_track=None))
    if n % 5 == 2:
        changes["metrics"] = (invented(),)
        changes["decisions"] = ()
    return experiment(code, **changes)


def invented() -> MetricLine:
    """A metric whose readings were invented to show the tool."""
    return waiting(
        points=tuple(p.model_copy(update={"is_demonstration": True}) for p in waiting().points)
    )


TITLES = (
    "Vender por un canal digital en los mercados de Ate",
    "CREANDO: comunidad en línea para emprendedores migrantes",
    "Brecha digital de género en zonas semirrurales de Cajamarca",
    "Microaprendizaje por WhatsApp para no nativos digitales",
    "Runasimipi yachachiy: mensajes de voz en quechua para pequeños productores de papa",
    "Hoja de ruta de bienes públicos digitales",
)

LONG = (
    "La hipótesis parte de una observación hecha en el mercado: las comerciantes que mejor venden "
    "no son las que más saben de tecnología, sino las que tienen a quién preguntar. Por eso el "
    "acompañamiento se hace en el puesto, con el teléfono de la propia comerciante, en castellano "
    "y en quechua (Runasimi), y cada semana se anota qué se pudo hacer sin ayuda. "
)


def long_texts() -> QuarterlySnapshot:
    """An experiment whose every text is far longer than its place on the page."""
    wordy = LONG * 4
    return quarter(
        introduction=LONG * 3,
        experiments=(
            experiment(
                title=LONG[:200],
                learning_intent=wordy,
                owner="María de los Ángeles Condori Choquehuanca de la Cruz y Valdivia",
                places=tuple(f"Centro poblado número {n}, Chumbivilcas" for n in range(20)),
                hypotheses=(hypothesis(change=wordy, because=wordy), hypothesis(free_text=wordy)),
                metrics=tuple(selling(name=f"{LONG[:150]} ({n})") for n in range(5)),
                what_happened=wordy * 3,
                surprises="Ñawpaqman puriyku; jach’a marka, chuymampi. " * 8,
                obstacles="k" * 900,
                decisions=(decision(reason=wordy), decision(reason=wordy)),
                reviews=(review(comment=wordy),),
            ),
        ),
    )


HOSTILE = (
    '<img src="http://127.0.0.1:9/x"> {{ 7 * 7 }} {% raw %} <script>alert(1)</script> &amp; ${x}'
)


def hostile_texts(text: str = HOSTILE) -> QuarterlySnapshot:
    """An experiment in which every text tries to be markup."""
    return quarter(
        office=OfficeLine(code="PE", name=text),
        introduction=text,
        experiments=(
            experiment(
                title=text,
                learning_intent=text,
                owner=text,
                places=(text,),
                hypotheses=(hypothesis(change=text, outcome=text), HypothesisLine(free_text=text)),
                metrics=(selling(name=text, unit=text),),
                what_happened=text,
                decisions=(decision(reason=text, people=text),),
                reviews=(review(comment=text),),
                source=text,
            ),
        ),
        gaps=(Gap(kind=GapKind.NO_TARGET, experiment="PE-2026-001", metric=text, owed_by=text),),
        sources=(SourceLine(text=text, address=text),),
    )


def a_plan(**changes: Any) -> PlanSnapshot:
    """A plan that was answered by an experiment and closed."""
    partner = PlanPartner(name="Agros", sector=Sector.PRIVATE_SECTOR, new_and_unusual=True)
    another = PlanPartner(name="Banco de la Nación", collaboration="Paga a los jóvenes.")
    values: dict[str, Any] = {
        "kind": "plan",
        "office": OfficeLine(code="PE", name="Laboratorio de Aceleración del PNUD en el Perú"),
        "data_as_of": datetime(2026, 9, 30, 22, 15, tzinfo=UTC),
        "code": "PE-2026-P01",
        "title": "Cerrar la brecha digital",
        "year": 2026,
        "challenge_type": ChallengeType.BIG_BET,
        "statement": "Tres de cada cuatro hogares rurales no tienen internet.",
        "evidence": (
            EvidenceLine(kind=EvidenceKind.QUANTITATIVE, text="40,1 %", link="inei.gob.pe"),
        ),
        "partners": (partner, another),
        "questions": (
            QuestionLine(
                text="¿Cómo amplificar los proyectos?",
                stages=(Stage.EXPLORE, Stage.TEST),
                methods=("Encuesta",),
                experiments=(
                    AnsweringLine(
                        code="PE-2026-001",
                        title="Vender por un canal digital",
                        stage=Stage.TEST,
                        state=ExperimentState.RUNNING,
                        verdict=Verdict.SUPPORTED,
                        evidence_level=2,
                    ),
                ),
            ),
        ),
        "reflections": (
            ReflectionLine(
                title="Lo que aprendimos",
                year=2026,
                insights=("La conexión no basta.",),
                time=TimeShares(sense=10, explore=30, test=40, grow=20),
                texts=(("barriers", "El idioma."), ("methods_used", "")),
                partners=(partner,),
            ),
        ),
        "compared": ComparedLine(
            methods=NamesCompared(as_planned=("Encuesta",), unplanned=("Entrevista",)),
            data_sources=NamesCompared(),
            partners=PartnersCompared(as_planned=(partner,), not_used=(another,)),
        ),
        "imports": (
            ImportLine(
                kind=PageKind.PLAN,
                file_name="plan.txt",
                imported_at=datetime(2026, 9, 1, tzinfo=UTC),
                sha256="0" * 64,
                fields=(("country", ("Perú",)),),
                unmapped=("Sobró esto.",),
            ),
        ),
    }
    return PlanSnapshot(**(values | changes))


def an_empty_plan() -> PlanSnapshot:
    """A draft of which only the title is written."""
    office = OfficeLine(code="PE", name="Laboratorio")
    return PlanSnapshot(kind="plan", office=office, code="PE-2026-P02", title="Borrador", year=2026)


def a_stage(stage: Stage = Stage.TEST, **changes: Any) -> StageSnapshot:
    """A stage of the one experiment."""
    snapshot = one_experiment()
    return StageSnapshot(
        kind="stage",
        office=snapshot.office,
        data_as_of=snapshot.data_as_of,
        programmes=snapshot.programmes,
        experiments=(experiment(**changes),),
        stage=stage,
    )
