"""The migration that makes a layer's tables equal to its definition."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from sqlalchemy import Connection

from layers.registry import registry
from spatial.errors import LayerRefused
from spatial.migrations import runner


def revise(connection: Connection, layer_id: str) -> Path | None:
    """Write the migration that makes the layer's tables equal to its definition; None when they are equal.

    A migration of the same layer that is written but not applied is written again, with the same number.

    :raises LayerRefused: when the database is not at head, or other tables differ as well.
    """
    if layer_id not in registry():
        raise LayerRefused(f"There is no layer {layer_id!r}; see `geoioc layers list`.")
    layer = registry()[layer_id]
    if layer.kind not in ("feature", "record"):
        raise LayerRefused(f"Layer {layer_id!r} is a {layer.kind} layer: it has no table of its own to migrate.")
    _drop_unapplied(connection, layer_id)
    require_head(connection)
    tables = {table_of(difference) for difference in runner.differences(connection)}
    if not tables:
        return None
    foreign = sorted(tables - {layer.table, f"{layer.table}_private"})
    if foreign:
        raise LayerRefused(
            f"Other tables differ from their definitions too ({', '.join(foreign)}); "
            "`geoioc layers check` says how, `geoioc layers revise` writes their migrations."
        )
    number = max((int(name) for name in runner.revisions() if name.isdigit()), default=0) + 1
    with redirect_stdout(StringIO()):  # Alembic tells where it writes; so do we
        path = runner.write_revision(connection, f"layer {layer_id}", f"{number:04d}")
    remarks = re.compile(r"^ *# ### .* ###\n", re.MULTILINE)
    source = remarks.sub("", path.read_text("utf-8"))
    path.write_text(source.replace(f'"""layer {layer_id}"""', f'"""Table of layer {layer_id}, from its definition."""'))
    tidy(path)
    return path


def require_head(connection: Connection) -> None:
    """:raises LayerRefused: when migrations wait to be applied; a new one can only be written after them."""
    current, head = runner.current(connection), runner.head()
    if current != head:
        raise LayerRefused(
            f"The database is at migration {current or 'none'}, the newest is {head}: "
            "run `geoioc db migrate` first, then repeat."
        )


def _drop_unapplied(connection: Connection, layer_id: str) -> None:
    script = runner.head_script()
    if script is None or not script.path.endswith(f"_layer_{layer_id}.py"):
        return
    if runner.current(connection) == script.down_revision:
        Path(script.path).unlink()


def table_of(difference: object) -> str:
    """The table a difference of Alembic's autogenerate speaks of."""
    if isinstance(difference, list):
        return table_of(difference[0])
    assert isinstance(difference, tuple)
    for part in difference[1:]:
        table = getattr(part, "table", None)
        if table is not None:
            return str(table.name)
    if difference[0] in ("add_table", "remove_table"):
        return str(difference[1].name)
    return str(difference[2])


def revise_in_new_process(layer_id: str) -> str:
    """Run ``revise`` where the new definition is seen: tables are built once, when a process starts.

    :raises LayerRefused: with the sentence of the other process.
    """
    command = [sys.executable, "-P", "-m", "spatial", "layers", "revise", layer_id]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LayerRefused(done.stderr.strip().removeprefix("geoioc: ") or done.stdout.strip())
    return done.stdout.strip()


def tidy(path: Path) -> None:
    """Format a written file with ruff, where ruff is installed (it is a tool of developers)."""
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    if ruff is None:
        return
    subprocess.run([ruff, "check", "--fix", "--quiet", "--select", "F401,I", str(path)], check=False)
    subprocess.run([ruff, "format", "--quiet", str(path)], check=False)
