class Sun:
    @property
    def altitude(self) -> float: ...
    @property
    def azimuth(self) -> float: ...

class Sunpath:
    is_leap_year: bool
    def __init__(
        self, latitude: float = 0, longitude: float = 0, time_zone: float | None = None
    ) -> None: ...
    def calculate_sun(
        self, month: int, day: int, hour: float, is_solar_time: bool = False
    ) -> Sun: ...
