"""Rules of alerts: those of the layer files, what staff changed of them, and those staff made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from layers.model import Layer, Text
from spatial.alerts.errors import UnknownAlert
from spatial.alerts.rules import RuleForm, check_rule
from spatial.queries.statements import Row, select_rows

# What a layer file says, and what staff may say otherwise for a rule of a layer file.
DECLARED = (
    "title_vi", "title_en", "kind", "parameter", "threshold", "mean_hours", "for_hours", "severity", "channels",
    "signs", "quantile",
)  # fmt: skip
STAFF_MAY_CHANGE = ("threshold", "mean_hours", "for_hours", "severity", "channels", "quantile")

_INSERT = text(
    "INSERT INTO core.alert_rule (name, layer_id, origin, title_vi, title_en, kind, parameter, feature_key,"
    " threshold, mean_hours, for_hours, severity, channels, signs, quantile, created_by)"
    " VALUES (:name, :layer_id, :origin, :title_vi, :title_en, :kind, :parameter, :feature_key,"
    " :threshold, :mean_hours, :for_hours, :severity, :channels, :signs, :quantile, :actor)"
    " ON CONFLICT (name) DO NOTHING RETURNING id"
).bindparams(bindparam("channels", type_=JSONB))


def list_rules(conn: Connection, *, layer_id: str | None = None) -> list[Row]:
    """Rules with the number of open alerts each has (``open``), layer rules first. ``channels`` is a list."""
    return select_rows(
        conn,
        "SELECT r.*, (SELECT count(*) FROM core.alert a WHERE a.rule_id = r.id AND a.state <> 'closed') AS open"
        " FROM core.alert_rule r WHERE CAST(:layer_id AS text) IS NULL OR r.layer_id = :layer_id"
        " ORDER BY r.layer_id, r.origin, r.id",
        layer_id=layer_id,
    )


def save_rule(conn: Connection, *, form: RuleForm, actor: str, rule_id: int | None = None) -> int:
    """Make a rule of staff, or change one. Of a layer file's rule only figures, severity and channels can be changed;
    what was changed stays when the file is read again. Returns the id.

    :raises AlertRefused: when the rule makes no sense; its ``words`` say why.
    :raises UnknownAlert: when there is no rule of that id.
    """
    check_rule(form)
    values = form.values()
    if rule_id is None:
        name = f"staff.{uuid4().hex[:12]}"
        row = conn.execute(_INSERT, values | {"name": name, "origin": "staff", "actor": actor}).scalar_one()
        return int(row)
    before = _get(conn, rule_id)
    names = STAFF_MAY_CHANGE if before["origin"] == "layer" else (*DECLARED, "layer_id", "feature_key")
    changed = {name: values[name] for name in names if values[name] != before[name]}
    if changed:
        kept = sorted({*before["overridden"], *changed}) if before["origin"] == "layer" else []
        _update(conn, rule_id, changed | {"overridden": kept, "updated_by": actor})
    return rule_id


def restore_rule(conn: Connection, *, rule_id: int, actor: str) -> None:
    """Give a layer file's rule back to the file: the next sync sets what staff had changed.

    :raises UnknownAlert: when there is no rule of that id.
    """
    _get(conn, rule_id)
    _update(conn, rule_id, {"overridden": [], "updated_by": actor})


def set_rule_enabled(conn: Connection, *, rule_id: int, enabled: bool, actor: str) -> None:
    """Switch a rule off or on; the sync with the layer files leaves that alone.

    :raises UnknownAlert: when there is no rule of that id.
    """
    before = _get(conn, rule_id)
    kept = sorted({*before["overridden"], "enabled"}) if before["origin"] == "layer" else []
    _update(conn, rule_id, {"enabled": enabled, "overridden": kept, "updated_by": actor})


def sync_rules(conn: Connection, *, layers: Sequence[Layer]) -> int:
    """Bring the rules of the layer files into the table. A rule that left its file is switched off, never deleted:
    its alerts speak of it. Returns how many rows changed.
    """
    changed = 0
    declared = [form for layer in layers for form in map(RuleForm.of(layer), layer.alerts)]
    known = {row["name"]: row for row in list_rules(conn) if row["origin"] == "layer"}
    for form in declared:
        values = form.values()
        row = known.pop(form.name, None)
        if row is None:
            conn.execute(_INSERT, values | {"name": form.name, "origin": "layer", "actor": "system"})
            changed += 1
            continue
        free = [name for name in (*DECLARED, "enabled") if name not in row["overridden"]]
        fresh = {name: value for name in free if (value := (values | {"enabled": True})[name]) != row[name]}
        if fresh:
            _update(conn, row["id"], fresh)
            changed += 1
    for row in known.values():
        if row["enabled"]:
            _update(conn, row["id"], {"enabled": False})
            changed += 1
    return changed


def _get(conn: Connection, rule_id: int) -> Row:
    rows = select_rows(conn, "SELECT * FROM core.alert_rule WHERE id = :id FOR UPDATE", id=rule_id)
    if not rows:
        raise UnknownAlert(Text(vi=f"Không có quy tắc số {rule_id}.", en=f"There is no rule {rule_id}."))
    return rows[0]


def _update(conn: Connection, rule_id: int, values: dict[str, Any]) -> None:
    """Columns come from the constants above, never from people."""
    sets = ", ".join(f"{name} = :{name}" for name in values)
    statement = text(f"UPDATE core.alert_rule SET {sets}, updated_at = now() WHERE id = :id")  # noqa: S608
    if "channels" in values:
        statement = statement.bindparams(bindparam("channels", type_=JSONB))
    conn.execute(statement, values | {"id": rule_id})
