"""Alerts as people and machines read them: sentences, rules as they may be written, quiet hours, CAP 1.2."""
