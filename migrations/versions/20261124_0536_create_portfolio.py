"""Create portfolio.

Follows nothing: the first revision.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "3783e652a63f"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("code", name=op.f("uq_office_code")),
    )
    op.create_table(
        "partner",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("folded_name", sa.String(length=300), nullable=False),
        sa.Column("sector", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("folded_name", name=op.f("uq_partner_folded_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_temporary_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(40), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "place",
        sa.Column("ubigeo", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("ubigeo", name=op.f("pk_place")),
    )
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("email_sha256", sa.String(length=64), nullable=False),
        sa.Column("address_sha256", sa.String(length=64), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
    )
    op.create_index(
        op.f("ix_sign_in_try_address_sha256"), "sign_in_try", ["address_sha256"], unique=False
    )
    op.create_index(
        op.f("ix_sign_in_try_email_sha256"), "sign_in_try", ["email_sha256"], unique=False
    )
    op.create_index(op.f("ix_sign_in_try_tried_at"), "sign_in_try", ["tried_at"], unique=False)
    op.create_table(
        "history_entry",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("door", sa.String(40), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["person.id"],
            name=op.f("fk_history_entry_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_entry")),
    )
    op.create_index("ix_history_entry_subject_id", "history_entry", ["subject", "id"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("unique_key", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_number", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_steps", sa.Integer(), nullable=False),
        sa.Column("all_steps", sa.Integer(), nullable=False),
        sa.Column("error", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["person.id"],
            name=op.f("fk_job_asked_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_job_unique_key")),
    )
    op.create_index("ix_job_state_run_after", "job", ["state", "run_after"], unique=False)
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("challenge_type", sa.String(40), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("value_proposition", sa.Text(), nullable=False),
        sa.Column("tweet", sa.Text(), nullable=False),
        sa.Column("early_leads", sa.Text(), nullable=False),
        sa.Column("comments", sa.Text(), nullable=False),
        sa.Column("thematic_areas", sa.JSON(), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("data_sources", sa.JSON(), nullable=False),
        sa.Column("sdgs", sa.JSON(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["person.id"],
            name=op.f("fk_plan_created_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_plan_office_id_office"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_plan_code")),
        sa.UniqueConstraint(
            "office_id", "year", "title", name=op.f("uq_plan_office_id_year_title")
        ),
    )
    op.create_index(op.f("ix_plan_office_id"), "plan", ["office_id"], unique=False)
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("name_es", sa.String(length=300), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["office.id"],
            name=op.f("fk_programme_office_id_office"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
    )
    op.create_index(op.f("ix_programme_office_id"), "programme", ["office_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=300), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_sign_in_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_in_token_sha256")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "learning_question",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("method_use", sa.Text(), nullable=False),
        sa.Column("new_data_sources", sa.Text(), nullable=False),
        sa.Column("data_gaps", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plan.id"],
            name=op.f("fk_learning_question_plan_id_plan"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_question")),
    )
    op.create_index(
        op.f("ix_learning_question_plan_id"), "learning_question", ["plan_id"], unique=False
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "office_id IS NULL OR programme_id IS NULL", name=op.f("ck_membership_one_scope")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["office.id"],
            name=op.f("fk_membership_office_id_office"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_membership_person_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_membership_programme_id_programme"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "person_id",
            "role",
            "office_id",
            "programme_id",
            name=op.f("uq_membership_person_id_role_office_id_programme_id"),
        ),
    )
    op.create_index(op.f("ix_membership_person_id"), "membership", ["person_id"], unique=False)
    op.create_table(
        "plan_evidence",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_evidence_plan_id_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_evidence")),
    )
    op.create_index(op.f("ix_plan_evidence_plan_id"), "plan_evidence", ["plan_id"], unique=False)
    op.create_table(
        "reflection",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("insights", sa.Text(), nullable=False),
        sa.Column("links", sa.Text(), nullable=False),
        sa.Column("barriers", sa.Text(), nullable=False),
        sa.Column("time_sense", sa.Integer(), nullable=True),
        sa.Column("time_explore", sa.Integer(), nullable=True),
        sa.Column("time_test", sa.Integer(), nullable=True),
        sa.Column("time_grow", sa.Integer(), nullable=True),
        sa.Column("handover_outcomes", sa.JSON(), nullable=False),
        sa.Column("handover_detail", sa.Text(), nullable=False),
        sa.Column("data_used", sa.Text(), nullable=False),
        sa.Column("methods_used", sa.Text(), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("data_sources", sa.JSON(), nullable=False),
        sa.Column("partners_civil_society", sa.Text(), nullable=False),
        sa.Column("partners_academia", sa.Text(), nullable=False),
        sa.Column("partners_private_sector", sa.Text(), nullable=False),
        sa.Column("partners_government", sa.Text(), nullable=False),
        sa.Column("partners_united_nations", sa.Text(), nullable=False),
        sa.Column("partners_new_and_unusual", sa.Text(), nullable=False),
        sa.Column("bonus", sa.Text(), nullable=False),
        sa.Column("supporting_evidence", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "time_sense + time_explore + time_test + time_grow = 100",
            name=op.f("ck_reflection_time_adds_up"),
        ),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["office.id"],
            name=op.f("fk_reflection_office_id_office"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_reflection_plan_id_plan"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflection")),
    )
    op.create_index(op.f("ix_reflection_office_id"), "reflection", ["office_id"], unique=False)
    op.create_index(op.f("ix_reflection_plan_id"), "reflection", ["plan_id"], unique=False)
    op.create_table(
        "report_issue",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("snapshot_json", sa.String(), nullable=True),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["person.id"],
            name=op.f("fk_report_issue_asked_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_report_issue_job_id_job"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["office.id"],
            name=op.f("fk_report_issue_office_id_office"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_report_issue_programme_id_programme"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_issue")),
    )
    op.create_index(op.f("ix_report_issue_office_id"), "report_issue", ["office_id"], unique=False)
    op.create_index(op.f("ix_report_issue_quarter"), "report_issue", ["quarter"], unique=False)
    op.create_index(
        op.f("ix_report_issue_snapshot_sha256"), "report_issue", ["snapshot_sha256"], unique=False
    )
    op.create_table(
        "experiment",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("learning_question_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("submission_key", sa.String(length=36), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("learning_intent", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=True),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("pause_reason", sa.String(40), nullable=True),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("design_type", sa.String(40), nullable=True),
        sa.Column("control_group", sa.String(40), nullable=True),
        sa.Column("assignment", sa.String(40), nullable=True),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.Column("unit_of_analysis", sa.Text(), nullable=False),
        sa.Column("sample_planned", sa.Integer(), nullable=True),
        sa.Column("data_collection", sa.Text(), nullable=False),
        sa.Column("timeline", sa.Text(), nullable=False),
        sa.Column(
            "budget_planned_usd",
            sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "cost_actual_usd",
            sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"),
            nullable=True,
        ),
        sa.Column("local_currency", sa.String(length=3), nullable=True),
        sa.Column(
            "cost_actual_local",
            sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "rate_to_usd", sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"), nullable=True
        ),
        sa.Column("cost_note", sa.Text(), nullable=False),
        sa.Column("sdgs", sa.JSON(), nullable=False),
        sa.Column("quality_checks", sa.JSON(), nullable=False),
        sa.Column("groups_reached", sa.Text(), nullable=False),
        sa.Column("consent_given", sa.Boolean(), nullable=True),
        sa.Column("do_no_harm_checked", sa.Boolean(), nullable=True),
        sa.Column("what_happened", sa.Text(), nullable=False),
        sa.Column("obstacles", sa.Text(), nullable=False),
        sa.Column("surprises", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("scaling_outcomes", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["person.id"],
            name=op.f("fk_experiment_created_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["learning_question_id"],
            ["learning_question.id"],
            name=op.f("fk_experiment_learning_question_id_learning_question"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["office.id"],
            name=op.f("fk_experiment_office_id_office"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["person.id"],
            name=op.f("fk_experiment_owner_id_person"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiment")),
        sa.UniqueConstraint("code", name=op.f("uq_experiment_code")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_experiment_submission_key")),
    )
    op.create_index(
        op.f("ix_experiment_learning_question_id"),
        "experiment",
        ["learning_question_id"],
        unique=False,
    )
    op.create_index(op.f("ix_experiment_office_id"), "experiment", ["office_id"], unique=False)
    op.create_index(op.f("ix_experiment_owner_id"), "experiment", ["owner_id"], unique=False)
    op.create_index(op.f("ix_experiment_stage"), "experiment", ["stage"], unique=False)
    op.create_index(op.f("ix_experiment_state"), "experiment", ["state"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("options_considered", sa.Text(), nullable=False),
        sa.Column("evidence_cited", sa.Text(), nullable=False),
        sa.Column("resources_committed", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_decision_by_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_decision_experiment_id_experiment"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_experiment_id"), "decision", ["experiment_id"], unique=False)
    op.create_table(
        "experiment_place",
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("ubigeo", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_experiment_place_experiment_id_experiment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["ubigeo"],
            ["place.ubigeo"],
            name=op.f("fk_experiment_place_ubigeo_place"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("experiment_id", "ubigeo", name=op.f("pk_experiment_place")),
    )
    op.create_table(
        "experiment_programme",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_experiment_programme_experiment_id_experiment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_experiment_programme_programme_id_programme"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiment_programme")),
        sa.UniqueConstraint(
            "experiment_id",
            "programme_id",
            name=op.f("uq_experiment_programme_experiment_id_programme_id"),
        ),
    )
    op.create_index(
        op.f("ix_experiment_programme_experiment_id"),
        "experiment_programme",
        ["experiment_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_experiment_programme_programme_id"),
        "experiment_programme",
        ["programme_id"],
        unique=False,
    )
    op.create_table(
        "hypothesis",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("direction", sa.String(40), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("threshold", sa.String(length=300), nullable=False),
        sa.Column("within", sa.String(length=300), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("free_text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_hypothesis_experiment_id_experiment"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hypothesis")),
    )
    op.create_index(
        op.f("ix_hypothesis_experiment_id"), "hypothesis", ["experiment_id"], unique=False
    )
    op.create_table(
        "impact_review",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("impact", sa.String(40), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_impact_review_experiment_id_experiment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_impact_review_programme_id_programme"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"],
            ["person.id"],
            name=op.f("fk_impact_review_reviewed_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impact_review")),
        sa.UniqueConstraint(
            "experiment_id",
            "programme_id",
            "quarter",
            name=op.f("uq_impact_review_experiment_id_programme_id_quarter"),
        ),
    )
    op.create_index(
        op.f("ix_impact_review_experiment_id"), "impact_review", ["experiment_id"], unique=False
    )
    op.create_index(
        op.f("ix_impact_review_programme_id"), "impact_review", ["programme_id"], unique=False
    )
    op.create_index(op.f("ix_impact_review_quarter"), "impact_review", ["quarter"], unique=False)
    op.create_table(
        "imported_page",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("unmapped", sa.JSON(), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("reflection_id", sa.Integer(), nullable=True),
        sa.Column("experiment_id", sa.Integer(), nullable=True),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_imported_page_experiment_id_experiment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["imported_by_id"],
            ["person.id"],
            name=op.f("fk_imported_page_imported_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plan.id"],
            name=op.f("fk_imported_page_plan_id_plan"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["reflection_id"],
            ["reflection.id"],
            name=op.f("fk_imported_page_reflection_id_reflection"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_page")),
    )
    op.create_index(
        op.f("ix_imported_page_content_sha256"), "imported_page", ["content_sha256"], unique=False
    )
    op.create_index(
        op.f("ix_imported_page_experiment_id"), "imported_page", ["experiment_id"], unique=False
    )
    op.create_index(op.f("ix_imported_page_plan_id"), "imported_page", ["plan_id"], unique=False)
    op.create_index(
        op.f("ix_imported_page_reflection_id"), "imported_page", ["reflection_id"], unique=False
    )
    op.create_table(
        "partnership",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("reflection_id", sa.Integer(), nullable=True),
        sa.Column("experiment_id", sa.Integer(), nullable=True),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("sector", sa.String(40), nullable=True),
        sa.Column("collaboration", sa.Text(), nullable=False),
        sa.Column("new_and_unusual", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN plan_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN reflection_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN experiment_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_partnership_one_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_partnership_experiment_id_experiment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partner.id"],
            name=op.f("fk_partnership_partner_id_partner"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_partnership_plan_id_plan"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["reflection_id"],
            ["reflection.id"],
            name=op.f("fk_partnership_reflection_id_reflection"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership")),
    )
    op.create_index(
        op.f("ix_partnership_experiment_id"), "partnership", ["experiment_id"], unique=False
    )
    op.create_index(op.f("ix_partnership_partner_id"), "partnership", ["partner_id"], unique=False)
    op.create_index(op.f("ix_partnership_plan_id"), "partnership", ["plan_id"], unique=False)
    op.create_index(
        op.f("ix_partnership_reflection_id"), "partnership", ["reflection_id"], unique=False
    )
    op.create_table(
        "stage_entry",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("pause_reason", sa.String(40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_stage_entry_by_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_stage_entry_experiment_id_experiment"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_entry")),
    )
    op.create_index(
        op.f("ix_stage_entry_experiment_id"), "stage_entry", ["experiment_id"], unique=False
    )
    op.create_table(
        "metric",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("hypothesis_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("unit", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("direction", sa.String(40), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column(
            "baseline", sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"), nullable=True
        ),
        sa.Column("baseline_n", sa.Integer(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("baseline_source", sa.Text(), nullable=False),
        sa.Column("target", sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column(
            "minimum_meaningful_effect",
            sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"),
            nullable=True,
        ),
        sa.Column("denominator", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("measured_by", sa.Text(), nullable=False),
        sa.Column("waves", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_metric_experiment_id_experiment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["hypothesis_id"],
            ["hypothesis.id"],
            name=op.f("fk_metric_hypothesis_id_hypothesis"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric")),
    )
    op.create_index(op.f("ix_metric_experiment_id"), "metric", ["experiment_id"], unique=False)
    op.create_index(op.f("ix_metric_hypothesis_id"), "metric", ["hypothesis_id"], unique=False)
    op.create_table(
        "measurement",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("device_key", sa.String(length=36), nullable=True),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("wave", sa.String(length=300), nullable=False),
        sa.Column("arm", sa.String(40), nullable=False),
        sa.Column("successes", sa.Integer(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("mean", sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"), nullable=True),
        sa.Column("sd", sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"), nullable=True),
        sa.Column("count", sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"), nullable=True),
        sa.Column(
            "exposure", sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"), nullable=True
        ),
        sa.Column("promoters", sa.Integer(), nullable=True),
        sa.Column("passives", sa.Integer(), nullable=True),
        sa.Column("detractors", sa.Integer(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=True),
        sa.Column("ubigeo", sa.String(length=6), nullable=True),
        sa.Column("disaggregation", sa.String(length=300), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("correction_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("superseded_by_id <> id", name=op.f("ck_measurement_not_by_itself")),
        sa.ForeignKeyConstraint(
            ["metric_id"],
            ["metric.id"],
            name=op.f("fk_measurement_metric_id_metric"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["person.id"],
            name=op.f("fk_measurement_recorded_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"],
            ["measurement.id"],
            name=op.f("fk_measurement_superseded_by_id_measurement"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["ubigeo"],
            ["place.ubigeo"],
            name=op.f("fk_measurement_ubigeo_place"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement")),
        sa.UniqueConstraint("device_key", name=op.f("uq_measurement_device_key")),
    )
    op.create_index(op.f("ix_measurement_metric_id"), "measurement", ["metric_id"], unique=False)
    op.create_index(
        op.f("ix_measurement_superseded_by_id"), "measurement", ["superseded_by_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("measurement")
    op.drop_table("metric")
    op.drop_table("stage_entry")
    op.drop_table("partnership")
    op.drop_table("imported_page")
    op.drop_table("impact_review")
    op.drop_table("hypothesis")
    op.drop_table("experiment_programme")
    op.drop_table("experiment_place")
    op.drop_table("decision")
    op.drop_table("experiment")
    op.drop_table("report_issue")
    op.drop_table("reflection")
    op.drop_table("plan_evidence")
    op.drop_table("membership")
    op.drop_table("learning_question")
    op.drop_table("sign_in")
    op.drop_table("programme")
    op.drop_table("plan")
    op.drop_table("job")
    op.drop_table("history_entry")
    op.drop_table("sign_in_try")
    op.drop_table("place")
    op.drop_table("person")
    op.drop_table("partner")
    op.drop_table("office")
