"""Finding a file's columns by the names a layer knows, whatever their case, accents and blanks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from spatial.errors import SourceUnreadable

_STROKE = str.maketrans({"đ": "d", "Đ": "d"})


def fold_header(text: str) -> str:
    """The form in which headers are compared: «Mã trạm», «MA_TRAM» and «ma tram» are the same."""
    plain = unicodedata.normalize("NFD", text.translate(_STROKE))
    letters = (c for c in plain if not unicodedata.combining(c))
    return "".join(c for c in "".join(letters).casefold() if c.isalnum() or c in "%#.,+-")


def match_headers(
    headers: Sequence[str],
    wanted: Mapping[str, Iterable[str]],
    given: Mapping[str, str | list[str]],
) -> dict[str, list[str]]:
    """Headers of the file for each target.

    ``given`` (from the recipe) wins and must exist; ``wanted`` lists the names the layer knows, best first. A target
    without a header is left out; the caller says whether it could do without.

    :raises SourceUnreadable: when a header named in the recipe is not in the file, or two headers fold to one name.
    """
    by_fold: dict[str, str] = {}
    for header in headers:
        by_fold.setdefault(fold_header(header), header)
    found: dict[str, list[str]] = {}
    for target, named in given.items():
        parts = [named] if isinstance(named, str) else list(named)
        missing = [name for name in parts if fold_header(name) not in by_fold]
        if missing:
            raise SourceUnreadable(
                f"The file has no column {missing[0]!r}, from which {target!r} is to be read; "
                f"its columns are: {', '.join(headers)}."
            )
        # An exact name is meant exactly, even where two headers fold to the same.
        found[target] = [name if name in headers else by_fold[fold_header(name)] for name in parts]
    for target, names in wanted.items():
        if target in found:
            continue
        for name in names:
            known = name if name in headers else by_fold.get(fold_header(name))
            if known is not None:
                found[target] = [known]
                break
    return found
