"""Type codes of GH_IO values, with their binary layouts and XML element names.

Source: the GH_IO reference (`GH_IO.Types`), checked against files that Grasshopper saved.
"""

from decimal import Decimal
from typing import Final

Value = bool | int | float | str | bytes | Decimal | tuple[float, ...]

BOOL: Final = 1
BYTE: Final = 2
INT32: Final = 3
INT64: Final = 4
SINGLE: Final = 5
DOUBLE: Final = 6
DECIMAL: Final = 7
DATE: Final = 8
GUID: Final = 9
STRING: Final = 10
BYTE_ARRAY: Final = 20
DOUBLE_ARRAY: Final = 21
DRAWING_POINT: Final = 30
DRAWING_POINT_F: Final = 31
DRAWING_RECTANGLE_F: Final = 35
COLOR: Final = 36
BITMAP: Final = 37
VERSION: Final = 80

TYPE_NAMES: Final[dict[int, str]] = {
    BOOL: "gh_bool",
    BYTE: "gh_byte",
    INT32: "gh_int32",
    INT64: "gh_int64",
    SINGLE: "gh_single",
    DOUBLE: "gh_double",
    DECIMAL: "gh_decimal",
    DATE: "gh_date",
    GUID: "gh_guid",
    STRING: "gh_string",
    BYTE_ARRAY: "gh_bytearray",
    DOUBLE_ARRAY: "gh_doublearray",
    DRAWING_POINT: "gh_drawing_point",
    DRAWING_POINT_F: "gh_drawing_pointf",
    32: "gh_drawing_size",
    33: "gh_drawing_sizef",
    34: "gh_drawing_rectangle",
    DRAWING_RECTANGLE_F: "gh_drawing_rectanglef",
    COLOR: "gh_drawing_color",
    BITMAP: "gh_drawing_bitmap",
    50: "gh_point2d",
    51: "gh_point3d",
    52: "gh_point4d",
    60: "gh_interval1d",
    61: "gh_interval2d",
    70: "gh_line",
    71: "gh_boundingbox",
    72: "gh_plane",
    VERSION: "gh_version",
}

FIXED_LAYOUTS: Final[dict[int, str]] = {
    BOOL: "<?",
    BYTE: "<B",
    INT32: "<i",
    INT64: "<q",
    SINGLE: "<f",
    DOUBLE: "<d",
    DATE: "<q",
    DRAWING_POINT: "<2i",
    DRAWING_POINT_F: "<2f",
    32: "<2i",
    33: "<2f",
    34: "<4i",
    DRAWING_RECTANGLE_F: "<4f",
    COLOR: "<I",
    50: "<2d",
    51: "<3d",
    52: "<4d",
    60: "<2d",
    61: "<4d",
    70: "<6d",
    71: "<6d",
    72: "<9d",
    VERSION: "<3i",
}
"""`struct` formats of the values whose payload has a fixed size (colour: 0xAARRGGBB)."""

XML_PARTS: Final[dict[int, tuple[str, ...]]] = {
    DRAWING_POINT: ("X", "Y"),
    DRAWING_POINT_F: ("X", "Y"),
    32: ("W", "H"),
    33: ("W", "H"),
    34: ("X", "Y", "W", "H"),
    DRAWING_RECTANGLE_F: ("X", "Y", "W", "H"),
    50: ("X", "Y"),
    51: ("X", "Y", "Z"),
    52: ("X", "Y", "Z", "W"),
    60: ("A", "B"),
    61: ("Ua", "Ub", "Va", "Vb"),
    70: ("Ax", "Ay", "Az", "Bx", "By", "Bz"),
    71: ("MinX", "MinY", "MinZ", "MaxX", "MaxY", "MaxZ"),
    72: ("Ox", "Oy", "Oz", "Xx", "Xy", "Xz", "Yx", "Yy", "Yz"),
    VERSION: ("Major", "Minor", "Revision"),
}
"""Child elements, in order, that carry the numbers of a compound value."""

WHOLE_NUMBERS: Final = frozenset({DRAWING_POINT, 32, 34, VERSION})
"""Compound values whose parts are integers."""
