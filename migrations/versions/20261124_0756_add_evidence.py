"""Add evidence.

Follows 3783e652a63f.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "73acde26c960"
down_revision = "3783e652a63f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_registration_by_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_registration_experiment_id_experiment"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("experiment_id", name=op.f("uq_registration_experiment_id")),
    )
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("is_major", sa.Boolean(), nullable=False),
        sa.Column("is_after_data", sa.Boolean(), nullable=False),
        sa.Column("amended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_amendment_by_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_amendment_registration_id_registration"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
    )
    op.create_index(
        op.f("ix_amendment_registration_id"), "amendment", ["registration_id"], unique=False
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("inputs_sha256", sa.String(length=64), nullable=False),
        sa.Column("function_version", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("estimate", sa.Float(), nullable=True),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("p_value", sa.Float(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(40), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_finding_experiment_id_experiment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["metric_id"],
            ["metric.id"],
            name=op.f("fk_finding_metric_id_metric"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_experiment_id"), "finding", ["experiment_id"], unique=False)
    op.create_index(op.f("ix_finding_metric_id"), "finding", ["metric_id"], unique=False)
    op.create_table(
        "planned_wave",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["metric_id"],
            ["metric.id"],
            name=op.f("fk_planned_wave_metric_id_metric"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_wave")),
        sa.UniqueConstraint("metric_id", "name", name=op.f("uq_planned_wave_metric_id_name")),
    )
    op.create_index(op.f("ix_planned_wave_metric_id"), "planned_wave", ["metric_id"], unique=False)
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("verdict", sa.String(40), nullable=True))
        batch_op.add_column(
            sa.Column("against_because", sa.Text(), server_default="", nullable=False)
        )

    with op.batch_alter_table("experiment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("comparison_design", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("looks_planned", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("look_rule", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("stops_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "attrition_limit",
                sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "cluster_size",
                sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("icc", sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("manual", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("fidelity_record", sa.Text(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("repeats_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("repeated_elsewhere", sa.Text(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("verdict", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("evidence_level", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("level_lowered_to", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("level_lowered_because", sa.Text(), server_default="", nullable=False)
        )
        batch_op.create_index(batch_op.f("ix_experiment_verdict"), ["verdict"], unique=False)
        batch_op.create_index(batch_op.f("ix_experiment_repeats_id"), ["repeats_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_experiment_repeats_id_experiment"),
            "experiment",
            ["repeats_id"],
            ["id"],
            ondelete="RESTRICT",
        )
    # What was recorded before verdicts were computed says so until it is judged.
    op.execute("UPDATE experiment SET verdict = 'not_assessable', evidence_level = 0")

    with op.batch_alter_table("metric", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "guardrail_margin",
                sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("cumulation", sa.String(40), server_default="not_cumulative", nullable=False)
        )
        batch_op.add_column(
            sa.Column("disaggregations", sa.Text(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("submission_key", sa.String(length=36), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_metric_submission_key"), ["submission_key"]
        )

    with op.batch_alter_table("hypothesis", schema=None) as batch_op:
        batch_op.add_column(sa.Column("submission_key", sa.String(length=36), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_hypothesis_submission_key"), ["submission_key"]
        )

    with op.batch_alter_table("measurement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("to_yes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("to_no", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "change_mean",
                sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "change_sd",
                sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite"),
                nullable=True,
            )
        )

    with op.batch_alter_table("report_issue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("experiment_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("stage", sa.String(40), nullable=True))
        batch_op.create_index(batch_op.f("ix_report_issue_experiment_id"), ["experiment_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_report_issue_experiment_id_experiment"),
            "experiment",
            ["experiment_id"],
            ["id"],
            ondelete="RESTRICT",
        )


def downgrade() -> None:
    op.execute("DELETE FROM report_issue WHERE kind = 'stage'")
    with op.batch_alter_table("report_issue", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_report_issue_experiment_id_experiment"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_report_issue_experiment_id"))
        batch_op.drop_column("stage")
        batch_op.drop_column("experiment_id")

    with op.batch_alter_table("measurement", schema=None) as batch_op:
        batch_op.drop_column("change_sd")
        batch_op.drop_column("change_mean")
        batch_op.drop_column("to_no")
        batch_op.drop_column("to_yes")

    with op.batch_alter_table("hypothesis", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_hypothesis_submission_key"), type_="unique")
        batch_op.drop_column("submission_key")

    with op.batch_alter_table("metric", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_metric_submission_key"), type_="unique")
        batch_op.drop_column("submission_key")
        batch_op.drop_column("disaggregations")
        batch_op.drop_column("cumulation")
        batch_op.drop_column("guardrail_margin")

    with op.batch_alter_table("experiment", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_experiment_repeats_id_experiment"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_experiment_repeats_id"))
        batch_op.drop_index(batch_op.f("ix_experiment_verdict"))
        batch_op.drop_column("repeated_elsewhere")
        batch_op.drop_column("repeats_id")
        batch_op.drop_column("level_lowered_because")
        batch_op.drop_column("level_lowered_to")
        batch_op.drop_column("evidence_level")
        batch_op.drop_column("verdict")
        batch_op.drop_column("fidelity_record")
        batch_op.drop_column("manual")
        batch_op.drop_column("icc")
        batch_op.drop_column("cluster_size")
        batch_op.drop_column("attrition_limit")
        batch_op.drop_column("stops_on")
        batch_op.drop_column("look_rule")
        batch_op.drop_column("looks_planned")
        batch_op.drop_column("comparison_design")

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_column("against_because")
        batch_op.drop_column("verdict")

    op.drop_table("planned_wave")
    op.drop_table("finding")
    op.drop_table("amendment")
    op.drop_table("registration")
