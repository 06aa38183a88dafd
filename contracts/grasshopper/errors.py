"""The one error a broken Grasshopper file ends in."""


class GrasshopperFileError(ValueError):
    """The bytes are not a Grasshopper document this package can read."""

    code = "grasshopper_file_invalid"
