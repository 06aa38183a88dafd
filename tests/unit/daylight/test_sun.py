"""Sun positions against published values of NOAA's solar calculator."""

from typing import Any

import pytest

# NOAA_Solar_Calculations_day.xls (gml.noaa.gov/grad/solcalc/calcdetails.html) as published:
# latitude 40, longitude -105, UTC-6, 21 June 2010. Local times with the columns "Solar Elevation
# corrected for atm refraction (deg)" and "Solar Azimuth Angle (deg cw from N)".
COLORADO = [
    (6.0, 4.12273265477486, 62.4319312401593),
    (9.0, 37.0589536901349, 89.0079648832434),
    (13.0, 73.4384793439627, 178.533230037882),
    (17.0, 37.7562612257823, 270.411876295845),
    (20.0, 4.72277345735459, 297.004938170129),
]
# NOAA's solar calculator (gml.noaa.gov/grad/solcalc), as quoted by the tests of ladybug-core:
# New York 40.72 -74.02 UTC-5, Sydney -33.87 151.22 UTC+10.
CITIES = [
    ((40.72, -74.02, -5), "09-15", 11.0, 50.35, 159.72),
    ((40.72, -74.02, -5), "03-21", 9.5, 36.90, 129.23),
    ((-33.87, 151.22, 10), "11-15", 11.0, 72.26, 32.37),
    ((-33.87, 151.22, 10), "06-21", 9.0, 18.99, 42.54),
]
CASES = [((40, -105, -6), "06-21", *row) for row in COLORADO] + CITIES
# The years differ (ladybug computes for 2017): a quarter of a day along the orbit.
YEARS_DEG = 0.12


@pytest.mark.parametrize(("place", "date", "hour", "altitude", "azimuth"), CASES)
def test_sun_stands_where_noaa_says(
    daylight: Any, place: tuple[float, ...], date: str, hour: float, altitude: float, azimuth: float
) -> None:
    path = daylight.Sunpath(*place)
    found = path.calculate_sun(int(date[:2]), int(date[3:]), hour)
    assert found.altitude == pytest.approx(altitude, abs=YEARS_DEG)
    assert found.azimuth == pytest.approx(azimuth, abs=YEARS_DEG)


@pytest.mark.parametrize(("place", "date", "hour", "altitude", "azimuth"), CASES)
def test_suns_of_a_day_pass_through_that_place(
    daylight: Any, place: tuple[float, ...], date: str, hour: float, altitude: float, azimuth: float
) -> None:
    suns = daylight.suns_of(daylight.Location(*place), [date], 4)
    # South of the equator the azimuths of a day pass through north.
    turn = 180 if place[0] < 0 else 0
    azimuths = (daylight.np.degrees(suns.azimuths) + turn) % 360
    order = daylight.np.argsort(azimuths)
    altitudes = daylight.np.degrees(daylight.np.arctan(suns.tangents))
    found = daylight.np.interp((azimuth + turn) % 360, azimuths[order], altitudes[order])
    assert found == pytest.approx(altitude, abs=YEARS_DEG)


def test_day_has_as_many_steps_of_sun_as_noaa_says(daylight: Any) -> None:
    # Same spreadsheet: sunlight duration 900.88 minutes.
    suns = daylight.suns_of(daylight.Location(40, -105, -6), ["06-21"], 2)
    assert len(suns.azimuths) * 2 == pytest.approx(900.882771015944, abs=5)


def test_leap_day_is_a_day_of_its_own(daylight: Any) -> None:
    suns = daylight.suns_of(daylight.Location(52.5, 13.4, 1), ["02-28", "02-29", "03-01"], 10)
    hours = [int((suns.dates == place).sum()) for place in range(3)]
    assert hours == sorted(hours)
    assert min(hours) > 60
