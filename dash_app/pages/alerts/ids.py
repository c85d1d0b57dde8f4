"""Ids of the components of the alert screens; assets/70_alerts.js uses the same words."""

from __future__ import annotations

from enum import StrEnum


class AlertId(StrEnum):
    """One member per component."""

    VIEW = "alerts-view"  # {state, cause, severity, unit, station, days}: the filters, as in the address
    OPEN = "alerts-open"  # id of the alert whose evidence is shown
    TICK = "alerts-tick"  # grows every minute and after every deed
    TABS = "alerts-tabs"
    LIST = "alerts-list"
    LIST_STAMP = "alerts-list-stamp"
    NOTICE = "alerts-notice"
    REFRESHED = "alerts-refreshed"
    DETAIL = "alerts-detail"
    DETAIL_STAMP = "alerts-detail-stamp"
    RULES = "alert-rules"
    RULES_TICK = "alert-rules-tick"
    ATTENTION = "attention"
    ATTENTION_TICK = "attention-tick"
