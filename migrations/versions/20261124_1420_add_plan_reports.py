"""Add plan reports.

Follows 05d9f4c3673c.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "9b41c7d05e2a"
down_revision = "05d9f4c3673c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report_issue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plan_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_report_issue_plan_id"), ["plan_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_report_issue_plan_id_plan"),
            "plan",
            ["plan_id"],
            ["id"],
            ondelete="RESTRICT",
        )


def downgrade() -> None:
    # The column is all that says of which plan they are.
    op.execute("DELETE FROM report_issue WHERE plan_id IS NOT NULL")
    with op.batch_alter_table("report_issue", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_report_issue_plan_id_plan"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_report_issue_plan_id"))
        batch_op.drop_column("plan_id")
