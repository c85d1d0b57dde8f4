"""Recipes: which source files go to which layer, kept as TOML data.

::

    name = "real"                     # identifier
    title = { vi = "...", en = "..." }
    synthetic = false                 # true: every screen says that the data is made up

    [[file]]                          # in the order of loading; units first
    layer = "air_observation"         # id of the layer
    path = "air/measurements*.csv.gz" # glob below the root; several matches are loaded in the order of their names
    optional = false                  # true: no match is not an error
    note = "why the options are what they are"

    [file.options]                    # fields of ingest.options.SourceOptions, all optional
    timezone = "UTC"
    shape = "wide"                    # one column per parameter
    columns = { station = "Station_No", time = ["date", "time"], pm25 = "PM2.5" }
    constants = { level = "commune", valid_from = "2025-07-01" }
    inside = "none"

    [file.options.values.state]       # text in the file -> text to read; "*" stands for every other text
    Closed = "closed"
    Open = "received"

    [[skipped]]                       # files of the set that no layer takes, and why
    path = "readme.csv"
    reason = { vi = "...", en = "..." }

``load_recipe`` runs the files through ``ingest.pipeline.run_file``; the same recipe twice changes nothing.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.options import SourceOptions
from ingest.pipeline import run_file
from ingest.report import RunReport
from layers.model import Text
from layers.registry import LayerError, get_layer
from spatial.access import Actor
from spatial.errors import SourceUnreadable
from spatial.progress import Progress, part, silent


class RecipeFile(BaseModel):
    """One entry: files of one layer, read alike."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layer: str
    path: str
    optional: bool = False
    note: str = ""
    options: SourceOptions = Field(default_factory=SourceOptions)


class SkippedFile(BaseModel):
    """A file of the set that is not loaded, so that nobody takes it for forgotten."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    reason: Text


class Recipe(BaseModel):
    """A set of source files that make one province."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: Text
    synthetic: bool = False
    file: tuple[RecipeFile, ...] = Field(min_length=1)
    skipped: tuple[SkippedFile, ...] = ()


def read_recipe(path: Path) -> Recipe:
    """Read and check a recipe.

    :raises SourceUnreadable: when the file is missing, is not TOML, or says something recipes do not know.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        recipe = Recipe.model_validate(content)
        for entry in recipe.file:
            get_layer(entry.layer)
    except OSError as error:
        raise SourceUnreadable(f"The recipe {path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, LayerError) as error:
        raise SourceUnreadable(f"The recipe {path} is wrong: {error}.") from None
    except ValidationError as error:
        # An unknown word is often a misspelt one, and then the cause of what is «missing».
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        where = ".".join(str(step) for step in first["loc"])
        raise SourceUnreadable(f"The recipe {path} is wrong at {where}: {first['msg']}.") from None
    return recipe


def recipe_files(recipe: Recipe, root: Path) -> list[tuple[RecipeFile, Path]]:
    """The files of a recipe below ``root``, in the order of loading.

    :raises SourceUnreadable: when an entry that is not optional matches nothing.
    """
    found = []
    for entry in recipe.file:
        matches = sorted(root.glob(entry.path))
        if not matches and not entry.optional:
            raise SourceUnreadable(f"There is no file {entry.path} below {root}, which recipe {recipe.name!r} needs.")
        found += [(entry, match) for match in matches]
    return found


def load_recipe(
    recipe: Recipe, root: Path, *, actor: Actor, progress: Progress = silent, force: bool = False
) -> list[RunReport]:
    """Load every file of a recipe below ``root``; units first makes the rest find their units.

    :raises SourceUnreadable: when a file is missing or cannot be read; the files before it stay loaded.
    """
    files = recipe_files(recipe, root)
    sizes = [max(path.stat().st_size, 1) for _, path in files]
    total, done = sum(sizes), 0
    reports = []
    for (entry, path), size in zip(files, sizes, strict=True):
        step = part(progress, done / total, (done + size) / total)
        reports.append(
            run_file(get_layer(entry.layer), path, actor=actor, options=entry.options, force=force, progress=step)
        )
        done += size
    progress(recipe.name, 1.0)
    return reports
