"""What a file tells about a new layer: columns with types and names, geometry, how to read it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS

from layers.model import STANDARD_COLUMNS, Column, ColumnType, Geometry, NotNull, Source, Text
from layers.registry import registry
from spatial.errors import LayerRefused, SourceUnreadable
from spatial.layer_file import Table, geometry_type, read_head

X_NAMES = frozenset({"lon", "long", "lng", "longitude", "kinh_do", "x", "easting", "toa_do_x"})
Y_NAMES = frozenset({"lat", "latitude", "vi_do", "y", "northing", "toa_do_y"})
WKT_NAMES = frozenset({"wkt", "geom", "geometry", "the_geom", "wkt_geom"})
CODE_WORDS = frozenset({"ma", "code", "id"})
KEY_WORDS = CODE_WORDS | {"fid", "stt", "sequence"}
# What Decree 13/2023/NĐ-CP calls personal data, as offices name such columns.
PERSONAL = re.compile(
    r"(^|_)(dien_thoai|sdt|so_dt|phone|mobile|email|cccd|cmnd|so_dinh_danh|ho_ten|ho_va_ten|chu_su_dung|chu_ho"
    r"|nguoi_dai_dien|owner|ngay_sinh|birth|dia_chi_thuong_tru)(_|$)"
)
WORDS: Mapping[str, tuple[str, str]] = {
    "ma": ("Mã", "Code"), "code": ("Mã", "Code"), "ten": ("Tên", "Name"), "name": ("Tên", "Name"),
    "dia_chi": ("Địa chỉ", "Address"), "address": ("Địa chỉ", "Address"), "loai": ("Loại", "Type"),
    "type": ("Loại", "Type"), "trang_thai": ("Trạng thái", "State"), "tinh_trang": ("Tình trạng", "Condition"),
    "state": ("Trạng thái", "State"), "status": ("Trạng thái", "State"), "dien_tich": ("Diện tích", "Area"),
    "area": ("Diện tích", "Area"), "chieu_dai": ("Chiều dài", "Length"), "length": ("Chiều dài", "Length"),
    "cong_suat": ("Công suất", "Capacity"), "capacity": ("Công suất", "Capacity"), "nam": ("Năm", "Year"),
    "year": ("Năm", "Year"), "ngay": ("Ngày", "Date"), "date": ("Ngày", "Date"), "ghi_chu": ("Ghi chú", "Note"),
    "note": ("Ghi chú", "Note"), "don_vi": ("Đơn vị", "Organisation"), "so_luong": ("Số lượng", "Quantity"),
    "quantity": ("Số lượng", "Quantity"), "dien_thoai": ("Điện thoại", "Phone"), "phone": ("Điện thoại", "Phone"),
    "ho_ten": ("Họ tên", "Full name"), "owner": ("Chủ sở hữu", "Owner"), "chu_so_huu": ("Chủ sở hữu", "Owner"),
    "xa": ("Xã", "Commune"), "huyen": ("Huyện", "District"), "tinh": ("Tỉnh", "Province"),
    "nam_xay_dung": ("Năm xây dựng", "Year built"), "dan_so": ("Dân số", "Population"),
    "population": ("Dân số", "Population"), "mo_ta": ("Mô tả", "Description"), "description": ("Mô tả", "Description"),
}  # fmt: skip


@dataclass(frozen=True)
class Guess:
    """What a file says about a layer; ``rows`` counts the rows looked at."""

    columns: tuple[Column, ...]
    geometry: Geometry | None
    source: Source
    rows: int
    label: str | None
    remarks: tuple[str, ...]


def snake(header: str) -> str:
    """A header as a column name: «Tên trạm (vi)» -> ``ten_tram_vi``."""
    plain = unicodedata.normalize("NFD", header.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    name = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
    if not name or not name[0].isalpha():
        name = f"c_{name}".rstrip("_")
    return name[:40].rstrip("_")


def guess(path: Path, *, layer_id: str, crs: int | None, key: Sequence[str], encoding: str) -> Guess:
    """Read the head of a file and propose columns.

    :raises LayerRefused: when no column identifies a row, or coordinates need ``--crs``.
    :raises SourceUnreadable: when the file cannot be read.
    """
    table = read_head(path, encoding=encoding)
    if table.frame.empty:
        raise SourceUnreadable(f"{path.name} has no rows: there is nothing to guess the columns from.")
    geometry, used = _geometry(table, crs)
    headers = [str(header) for header in table.frame.columns if header not in used]
    names = _names(headers)
    keys, remarks = _keys(table.frame, headers, names, key)
    columns = []
    formats: set[str] = set()
    for header, name in zip(headers, names, strict=True):
        kind, form, _ = column_type(table.frame[header])
        formats |= {form} if form else set()
        is_key = name in keys
        private = not is_key and PERSONAL.search(name) is not None
        if private:
            remarks.append(f"{name} looks like personal data and is private: public roles cannot read it")
        columns.append(
            Column(
                name=name,
                type="text" if is_key and kind not in ("text", "integer", "date") else kind,
                title=title(header),
                source=() if header == name else (header,),
                key=is_key,
                private=private,
                checks=(NotNull(),) if is_key else (),
            )
        )
    if len(formats) > 1:
        raise LayerRefused(f"{path.name} writes dates in more than one way ({', '.join(sorted(formats))}).")
    source = Source(
        reader=table.reader,
        pattern=f"{layer_id}*{''.join(path.suffixes[-2:]) if path.suffix in ('.gz', '.zip') else path.suffix}",
        encoding=table.encoding,
        delimiter=None if table.delimiter in (None, ",") else table.delimiter,
        decimal=_decimal(path, table.frame),
        datetime_format=next(iter(formats), None),
    )
    label = next((c.name for c in columns if c.type == "text" and not c.private and _is_name(c.name)), None)
    return Guess(tuple(columns), geometry, source, len(table.frame), label, tuple(remarks))


def _decimal(path: Path, frame: pd.DataFrame) -> Literal[".", ","]:
    """The decimal mark of a file's numbers, coordinates among them."""
    found = {str(header): column_type(frame[header]) for header in frame.columns}
    commas = [header for header, (kind, _, comma) in found.items() if kind == "number" and comma]
    texts = [header for header in frame.columns if frame[header].map(lambda value: isinstance(value, str)).any()]
    points = [header for header, (kind, _, comma) in found.items() if kind == "number" and not comma]
    points = [header for header in points if header in texts]
    if commas and points:
        raise LayerRefused(
            f"{path.name} writes decimals with a comma in {', '.join(commas)} and with a point in {', '.join(points)}: "
            "save it with one decimal mark."
        )
    return "," if commas else "."


def _is_name(name: str) -> bool:
    return bool({"ten", "name"} & set(name.split("_")))


def title(header: str) -> Text:
    """Both titles of a column: as other layers or the word list have them, else left for the author to translate."""
    known = WORDS.get(snake(header))
    if known is not None:
        return Text(vi=known[0], en=known[1])
    for layer in registry().values():
        for column in layer.columns:
            if snake(header) in {snake(name) for name in (*column.source, column.title.vi)}:
                return column.title
    shown = re.sub(r"[_\s]+", " ", unicodedata.normalize("NFC", header)).strip() or snake(header)
    return Text(
        vi=shown if not shown.isupper() else shown.capitalize(), en=snake(header).replace("_", " ").capitalize()
    )


def _names(headers: Sequence[str]) -> list[str]:
    taken: set[str] = set(STANDARD_COLUMNS)
    names = []
    for header in headers:
        name = snake(header)
        if name in STANDARD_COLUMNS or name in RESERVED_WORDS:
            name = f"source_{name}"
        first, count = name, 2
        while name in taken:
            name, count = f"{first}_{count}", count + 1
        taken.add(name)
        names.append(name)
    return names


def _keys(
    frame: pd.DataFrame, headers: Sequence[str], names: Sequence[str], wanted: Sequence[str]
) -> tuple[set[str], list[str]]:
    """The key's columns, and what the author is told about the choice."""
    by_name = dict(zip(names, headers, strict=True))
    if wanted:
        found = {snake(name) if name not in by_name else name for name in wanted}
        unknown = found - set(by_name)
        if unknown:
            raise LayerRefused(f"There is no column {', '.join(sorted(unknown))}; the columns are: {', '.join(names)}.")
        return found, []
    looks = {name: _as_key(frame[by_name[name]]) for name in names}
    codes = [name for name in names if CODE_WORDS & set(name.split("_")) or "so_hieu" in name]
    counters = [name for name in names if KEY_WORDS & set(name.split("_")) and name not in codes]
    # A code with a few gaps names things better than a running number or a name that happens to differ.
    choice = [
        *(name for name in codes if looks[name].complete),
        *(name for name in codes if looks[name].nearly),
        *(name for name in (*counters, *names) if looks[name].complete),
    ]
    refused = [f"{name} ({looks[name]})" for name in codes if name not in choice[:1] and not looks[name].complete]
    if not choice:
        because = f" {'; '.join(refused)} cannot be it." if refused else ""
        raise LayerRefused(
            f"No column identifies a row by itself;{because} name the key with --key (once per column). "
            f"The columns are: {', '.join(names)}."
        )
    return {choice[0]}, [_key_remark(choice[0], looks[choice[0]], refused)]


def _key_remark(name: str, look: KeyLook, refused: Sequence[str]) -> str:
    gaps = f" ({look}: such rows go to the quarantine)" if look.empty else ""
    instead = f"; refused: {', '.join(refused)}" if refused else ""
    return f"{name} is the key that identifies a row{gaps}{instead}; to choose another: --key COLUMN"


@dataclass(frozen=True)
class KeyLook:
    """How well a column identifies rows: cells without a value, rows that repeat an earlier one's, fractions."""

    rows: int
    empty: int
    repeated: int
    fractions: bool

    @property
    def complete(self) -> bool:
        return not (self.empty or self.repeated or self.fractions)

    @property
    def nearly(self) -> bool:
        """At most one row of twenty (or a single one) lacks it, and the rest differ."""
        few = self.empty <= max(1, self.rows // 20) and self.empty < self.rows
        return few and not (self.repeated or self.fractions)

    def __str__(self) -> str:
        said = [f"{self.empty} empty"] if self.empty else []
        said += [f"{self.repeated} repeated"] if self.repeated else []
        said += ["not whole numbers"] if self.fractions else []
        return ", ".join(said)


def _as_key(values: pd.Series) -> KeyLook:
    blank = values.map(lambda value: _missing(value) or (isinstance(value, str) and not value.strip())).astype(bool)
    present = values[~blank]
    fractions = present.map(lambda value: isinstance(value, float) and not value.is_integer()).any()
    return KeyLook(len(values), int(blank.sum()), int(present.duplicated().sum()), bool(fractions))


# ---------------------------------------------------------------- types

INTEGER = re.compile(r"[+-]?(0|[1-9]\d{0,17})")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+")
LEADING_ZERO = re.compile(r"[+-]?0\d+")
DATE_FORMS = (("%Y-%m-%d", "date"), ("%d/%m/%Y", "date"), ("%d/%m/%Y %H:%M", "datetime"),
              ("%d/%m/%Y %H:%M:%S", "datetime"))  # fmt: skip


def column_type(values: pd.Series) -> tuple[ColumnType, str | None, bool]:
    """Type of a column, the strptime form of its dates when it is not ISO, whether decimals have a comma.

    A number with a leading zero is a code, and stays text.
    """
    present = [value for value in values if not _missing(value)]
    if not present:
        return "text", None, False
    if all(isinstance(value, bool) for value in present):
        return "boolean", None, False
    if all(isinstance(value, datetime) for value in present):
        midnight = all(value.time() == datetime.min.time() for value in present)
        return ("date" if midnight else "datetime"), None, False
    if all(isinstance(value, date) for value in present):
        return "date", None, False
    if all(isinstance(value, (int, float)) for value in present):
        return ("integer" if all(float(value).is_integer() for value in present) else "number"), None, False
    return _text_type([str(value).strip() for value in present])


def _missing(value: Any) -> bool:
    return bool(pd.isna(value)) if pd.api.types.is_scalar(value) else False


def _text_type(texts: Sequence[str]) -> tuple[ColumnType, str | None, bool]:
    texts = [text for text in texts if text]
    if not texts or any(LEADING_ZERO.fullmatch(text) for text in texts):
        return "text", None, False
    if all(INTEGER.fullmatch(text) for text in texts):
        return "integer", None, False
    if all(NUMBER.fullmatch(text) for text in texts):
        return "number", None, False
    if all(INTEGER.fullmatch(text) or COMMA_NUMBER.fullmatch(text) for text in texts):
        return "number", None, True
    if all(text.lower() in ("true", "false") for text in texts):
        return "boolean", None, False
    for form, kind in DATE_FORMS:
        if all(_parses(text, form) for text in texts):
            return ("date" if kind == "date" else "datetime"), (None if form == "%Y-%m-%d" else form), False
    if all(_is_iso(text) for text in texts):
        return "datetime", None, False
    return "text", None, False


def _parses(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True


def _is_iso(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return len(text) >= 16


# ---------------------------------------------------------------- geometry


def _geometry(table: Table, crs: int | None) -> tuple[Geometry | None, set[str]]:
    if table.geometry is not None:
        code = crs or table.crs
        if code is None:
            raise LayerRefused("The file does not say its coordinate system; give its EPSG code with --crs.")
        return Geometry(type=table.geometry, crs=code), set()
    folded = {snake(str(header)): str(header) for header in table.frame.columns}
    first = next((folded[name] for name in folded if name in X_NAMES), None)
    second = next((folded[name] for name in folded if name in Y_NAMES), None)
    if first is not None and second is not None:
        x, y, metres = _order(table.frame, first, second)
        if metres and crs is None:
            raise LayerRefused(
                f"{x} and {y} are in metres; say in which coordinate system with --crs (VN-2000 zone 105: --crs 5897)."
            )
        return Geometry(type="Point", x=(x,), y=(y,), crs=crs or 4326), {x, y}
    wkt = next((folded[name] for name in folded if name in WKT_NAMES), None)
    if wkt is not None:
        shapes = {str(value).split("(")[0].strip().upper() for value in table.frame[wkt].dropna()}
        return Geometry(type=geometry_type(shapes), wkt=(wkt,), crs=crs or 4326), {wkt}
    return None, set()


def _order(frame: pd.DataFrame, first: str, second: str) -> tuple[str, str, bool]:
    """Which of two columns points east. Surveyors here write X for north: magnitudes decide, not names.

    In Viet Nam longitude (102 to 118) exceeds latitude (5 to 24), and northing exceeds easting.
    """
    one, two = (_middle(frame[name]) for name in (first, second))
    metres = max(abs(one), abs(two)) > 360
    east_first = one < two if metres else one > two
    return (first, second, metres) if east_first else (second, first, metres)


def _middle(values: pd.Series) -> float:
    numbers = pd.to_numeric(values.astype(str).str.replace(",", "."), errors="coerce").dropna()
    return float(numbers.median()) if len(numbers) else 0.0
