"""The briefing of a province, a former district or a commune: one click, one command, or every morning."""
