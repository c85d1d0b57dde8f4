"""Citizen feedback (1022): rules, working calendar, workflow, intake, and the one transaction of each step."""
