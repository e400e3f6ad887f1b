"""Chaski: the portfolio tracker. ``app.factory`` puts it together; importing this costs nothing."""
