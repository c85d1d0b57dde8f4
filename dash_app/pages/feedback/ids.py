"""Ids of the components of the feedback desk; assets/92_feedback.js uses the same words."""

from __future__ import annotations

from enum import StrEnum


class DeskId(StrEnum):
    """One member per component."""

    VIEW = "desk-view"  # the filters, as in the address
    OPEN = "desk-open"  # code of the case that is shown
    ROLE = "desk-role"  # as whom somebody works; the browser keeps it
    TICK = "desk-tick"  # grows every minute and after every deed
    TABS = "desk-tabs"
    LIST = "desk-list"
    LIST_STAMP = "desk-list-stamp"
    PAGER = "desk-pager"
    NOTICE = "desk-notice"
    DETAIL = "desk-detail"
    DETAIL_STAMP = "desk-detail-stamp"
