<%!
    def without_remarks(text):
        return "\n".join(line for line in text.splitlines() if "###" not in line).strip() or "pass"
%>\
"""${message[:1].upper() + message[1:]}.

Follows ${down_revision or "nothing: the first revision"}.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision: str = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${without_remarks(upgrades or "")}


def downgrade() -> None:
    ${without_remarks(downgrades or "")}
