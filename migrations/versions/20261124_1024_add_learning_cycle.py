"""Add learning cycle.

Follows 73acde26c960.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "05d9f4c3673c"
down_revision = "73acde26c960"
branch_labels = None
depends_on = None

# As in models/history.py on that day. Entries written before are sealed with the next commit.
APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER history_entry_stays BEFORE UPDATE ON history_entry "
        "WHEN OLD.sha256 IS NOT NULL OR EXISTS (SELECT 1 FROM history_entry AS sealed "
        "WHERE sealed.id <> OLD.id AND sealed.sha256 IS NOT NULL "
        "AND (sealed.id = NEW.id OR sealed.place = NEW.place)) "
        "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
        # INSERT OR REPLACE deletes what it takes the place of, and no trigger of DELETE hears it.
        "CREATE TRIGGER history_entry_is_new BEFORE INSERT ON history_entry "
        "WHEN EXISTS (SELECT 1 FROM history_entry AS sealed WHERE sealed.sha256 IS NOT NULL "
        "AND (sealed.id = NEW.id OR sealed.place = NEW.place)) "
        "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
        "CREATE TRIGGER history_entry_remains BEFORE DELETE ON history_entry "
        "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION history_is_append_only() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION 'history is append-only'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER history_entry_stays BEFORE UPDATE ON history_entry FOR EACH ROW "
        "WHEN (OLD.sha256 IS NOT NULL) EXECUTE FUNCTION history_is_append_only()",
        "CREATE TRIGGER history_entry_remains BEFORE DELETE ON history_entry FOR EACH ROW "
        "EXECUTE FUNCTION history_is_append_only()",
    ),
}
CHANGEABLE = {
    "sqlite": (
        "DROP TRIGGER history_entry_stays",
        "DROP TRIGGER history_entry_is_new",
        "DROP TRIGGER history_entry_remains",
    ),
    "postgresql": (
        "DROP TRIGGER history_entry_stays ON history_entry",
        "DROP TRIGGER history_entry_remains ON history_entry",
        "DROP FUNCTION history_is_append_only()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("once_key", sa.String(length=200), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["to_id"], ["person.id"], name=op.f("fk_mail_to_id_person"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("once_key", name=op.f("uq_mail_once_key")),
    )
    op.create_index(op.f("ix_mail_sent_at"), "mail", ["sent_at"], unique=False)
    op.create_index(op.f("ix_mail_to_id"), "mail", ["to_id"], unique=False)
    op.create_table(
        "office_quarter",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["office.id"],
            name=op.f("fk_office_quarter_office_id_office"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_quarter")),
        sa.UniqueConstraint(
            "office_id", "quarter", name=op.f("uq_office_quarter_office_id_quarter")
        ),
    )
    op.create_index(
        op.f("ix_office_quarter_office_id"), "office_quarter", ["office_id"], unique=False
    )
    op.create_index(op.f("ix_office_quarter_quarter"), "office_quarter", ["quarter"], unique=False)
    op.create_table(
        "closing",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("office_quarter_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("snapshot_json", sa.String(), nullable=False),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=False),
        sa.Column("history_sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["closed_by_id"],
            ["person.id"],
            name=op.f("fk_closing_closed_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["office_quarter_id"],
            ["office_quarter.id"],
            name=op.f("fk_closing_office_quarter_id_office_quarter"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
        sa.UniqueConstraint(
            "office_quarter_id", "edition", name=op.f("uq_closing_office_quarter_id_edition")
        ),
    )
    op.create_index(
        op.f("ix_closing_office_quarter_id"), "closing", ["office_quarter_id"], unique=False
    )
    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("office_quarter_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("owed", sa.JSON(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_quarter_id"],
            ["office_quarter.id"],
            name=op.f("fk_nudge_office_quarter_id_office_quarter"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_nudge_person_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"],
            ["person.id"],
            name=op.f("fk_nudge_sent_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
    )
    op.create_index(
        op.f("ix_nudge_office_quarter_id"), "nudge", ["office_quarter_id"], unique=False
    )
    op.create_index(op.f("ix_nudge_person_id"), "nudge", ["person_id"], unique=False)
    op.create_table(
        "gate",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("from_stage", sa.String(40), nullable=False),
        sa.Column("to_stage", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("ticked", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("overridden_because", sa.Text(), nullable=False),
        sa.Column("resources_committed", sa.Text(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["person.id"],
            name=op.f("fk_gate_asked_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_gate_decided_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_gate_experiment_id_experiment"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate")),
    )
    op.create_index(op.f("ix_gate_experiment_id"), "gate", ["experiment_id"], unique=False)
    op.create_index(
        "uq_gate_open_experiment",
        "gate",
        ["experiment_id"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_table(
        "quarter_exception",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("office_quarter_id", sa.Integer(), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_quarter_exception_experiment_id_experiment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"],
            ["person.id"],
            name=op.f("fk_quarter_exception_given_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["office_quarter_id"],
            ["office_quarter.id"],
            name=op.f("fk_quarter_exception_office_quarter_id_office_quarter"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_exception")),
    )
    op.create_index(
        op.f("ix_quarter_exception_experiment_id"),
        "quarter_exception",
        ["experiment_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_quarter_exception_office_quarter_id"),
        "quarter_exception",
        ["office_quarter_id"],
        unique=False,
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("hypothesis_id", sa.Integer(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("answers_id", sa.Integer(), nullable=True),
        sa.Column("submission_key", sa.String(length=36), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answers_id"],
            ["comment.id"],
            name=op.f("fk_comment_answers_id_comment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_comment_by_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_comment_experiment_id_experiment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["hypothesis_id"],
            ["hypothesis.id"],
            name=op.f("fk_comment_hypothesis_id_hypothesis"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"],
            ["person.id"],
            name=op.f("fk_comment_resolved_by_id_person"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["impact_review.id"],
            name=op.f("fk_comment_review_id_impact_review"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_comment_submission_key")),
    )
    op.create_index(op.f("ix_comment_answers_id"), "comment", ["answers_id"], unique=False)
    op.create_index(op.f("ix_comment_experiment_id"), "comment", ["experiment_id"], unique=False)
    op.create_index(op.f("ix_comment_hypothesis_id"), "comment", ["hypothesis_id"], unique=False)
    op.create_index(op.f("ix_comment_review_id"), "comment", ["review_id"], unique=False)
    op.create_table(
        "mention",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_mention_comment_id_comment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_mention_person_id_person"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        sa.UniqueConstraint(
            "comment_id", "person_id", name=op.f("uq_mention_comment_id_person_id")
        ),
    )
    op.create_index(op.f("ix_mention_comment_id"), "mention", ["comment_id"], unique=False)
    op.create_index(op.f("ix_mention_person_id"), "mention", ["person_id"], unique=False)
    with op.batch_alter_table("history_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason_code", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sha256", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_history_entry_place"), ["place"])

    with op.batch_alter_table("hypothesis", schema=None) as batch_op:
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("impact_review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("submitted_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("submitted_again_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("submitted_again_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("facts", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_impact_review_submitted_by_id_person"),
            "person",
            ["submitted_by_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_impact_review_submitted_again_by_id_person"),
            "person",
            ["submitted_again_by_id"],
            ["id"],
            ondelete="RESTRICT",
        )
    op.execute("UPDATE impact_review SET accepted_at = reviewed_at WHERE state = 'accepted'")

    with op.batch_alter_table("measurement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("correction_code", sa.String(40), nullable=True))

    with op.batch_alter_table("metric", schema=None) as batch_op:
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("wants_digest", sa.Boolean(), server_default=sa.true(), nullable=False)
        )

    # Not in a batch: copied anew, the table would lose its rule on the shares of time on SQLite.
    op.add_column("reflection", sa.Column("submission_key", sa.String(length=36), nullable=True))
    op.create_index(
        op.f("ix_reflection_submission_key"), "reflection", ["submission_key"], unique=True
    )

    _run(APPEND_ONLY)


def downgrade() -> None:
    _run(CHANGEABLE)
    op.drop_index(op.f("ix_reflection_submission_key"), table_name="reflection")
    op.drop_column("reflection", "submission_key")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("wants_digest")

    with op.batch_alter_table("metric", schema=None) as batch_op:
        batch_op.drop_column("removed_at")

    with op.batch_alter_table("measurement", schema=None) as batch_op:
        batch_op.drop_column("correction_code")

    with op.batch_alter_table("impact_review", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_impact_review_submitted_again_by_id_person"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_impact_review_submitted_by_id_person"), type_="foreignkey"
        )
        batch_op.drop_column("accepted_at")
        batch_op.drop_column("facts")
        batch_op.drop_column("submitted_again_at")
        batch_op.drop_column("submitted_again_by_id")
        batch_op.drop_column("submitted_at")
        batch_op.drop_column("submitted_by_id")
        batch_op.drop_column("note")

    with op.batch_alter_table("hypothesis", schema=None) as batch_op:
        batch_op.drop_column("removed_at")

    with op.batch_alter_table("history_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_history_entry_place"), type_="unique")
        batch_op.drop_column("sha256")
        batch_op.drop_column("place")
        batch_op.drop_column("reason_code")

    op.drop_table("mention")
    op.drop_table("comment")
    op.drop_table("quarter_exception")
    op.drop_table("gate")
    op.drop_table("nudge")
    op.drop_table("closing")
    op.drop_table("office_quarter")
    op.drop_table("mail")


def _run(statements: dict[str, tuple[str, ...]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.execute(statement)
