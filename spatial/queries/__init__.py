"""Named SQL as functions ``(conn, *, ...)``; statements over about 15 lines stand in ``sql/*.sql``."""
