"""What every file of `../shared/data/telemetry` says, written down by hand from the files and the dialect table.

Facts only. A file is read right when dialect, number of rows, the first position (which tells the order of latitude and
longitude, and their signs), heights and gimbal are these; or when it is refused for the reason named here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Says:
    """What a file says.

    Attributes:
        rows: with telemetry.
        first_place: latitude and longitude of the first row that has them; None where none has.
        heights_m: above take-off, in the first and last row; None where the row has none.
        highest_m: of all rows.
        pitches_deg: of the gimbal, first and last row.
        focal_mm: 35 mm equivalent in the first row.
        recorded_rows: rows in which a log says that the camera records; None where it does not say.
        tolerance: of every number, for files in feet or in whole bits.
    """

    dialect: str
    grade: str
    rows: int
    first_place: tuple[float, float] | None
    heights_m: tuple[float | None, float | None] = (None, None)
    highest_m: float | None = None
    pitches_deg: tuple[float | None, float | None] = (None, None)
    focal_mm: float | None = None
    recorded_rows: int | None = None
    tolerance: float = 1e-9


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that must be refused, and words of the reason."""

    because: str


EXPECTED: dict[str, Says | Refused] = {
    "srt/MAVIC3.srt": Says("C3", "B", 12318, (3.41531, -3.3744), (-2.4, 3.6), 11.2, focal_mm=24.0),
    "srt/air2s.srt": Says("C2", "C", 17, (41.424724, 2.234156), focal_mm=24.0),
    "srt/broken_empty.SRT": Refused("empty"),
    "srt/broken_empty2.SRT": Refused("neither subtitles"),
    "srt/broken_incomplete.SRT": Says("A1", "B", 19, (-34.7383, -58.4563), (20.1, 7.7), 20.3),
    "srt/matrice_300.srt": Says("A2", "B", 381, (36.6146, -6.112), (0.3, 0.0), 87.9),
    "srt/mavic_2pro_new.SRT": Says("C1", "C", 8952, (-35.080155, -60.286702), focal_mm=28.0),
    "srt/mavic_air.SRT": Says("C0", "C", 2, None),
    "srt/mavic_pro.SRT": Says("A1", "B", 468, (-20.2533, 149.0251), (1.9, 0.0), 118.7),
    "srt/mavic_pro_buggy.SRT": Says("A1", "B", 546, (42.4668, -1.2218), (0.0, 15.8), 119.6),
    # Six cues of a Phantom 4 RTK, then six of a Mavic 2 Zoom, whose absolute altitude of 120 m is no height.
    "srt/mix_p4rtk_mavic2pro.srt": Says(
        "B2", "B", 12, (-34.6502, -59.409424), (17.39, None), 17.39, pitches_deg=(-27.3, None)
    ),
    "srt/old_format.SRT": Says("A0", "B", 468, (-20.2533, 149.0251), (1.9, 0.0), 118.7),
    "srt/p4p_sample.SRT": Says("B1", "B", 5, (47.4692, 8.209), (45.6, 45.6), 45.6),
    "srt_newer/Avata360.SRT": Says(
        "C4", "A", 5, (53.36508, 6.460739), (5.4, 5.4), 5.4, pitches_deg=(0.0, 0.0), focal_mm=28.0
    ),
    "srt_newer/Mini5PRO.SRT": Says("C3", "B", 5, (53.365108, 6.460719), (6.0, 6.0), 6.0, focal_mm=24.0),
    "srt_newer/enterprise_gb_thermal_seen_in_public_code.SRT": Says(
        "C4", "A", 1, (-37.920295, 176.456417), (62.37, 62.37), 62.37, pitches_deg=(-28.7, -28.7), focal_mm=40.0
    ),
    # Feet: 247.70342 ft in the last row; the first 116 rows have no fix and the log never records.
    "logs/airdata_air2s_head.csv": Says(
        "airdata", "A", 1999, (47.5726823268315, -122.626668724063), (0.0, 75.500002416), 119.2000038144,
        pitches_deg=(0.0, -0.8), recorded_rows=0, tolerance=1e-6,
    ),
    "logs/txtlogtocsv_phantom4.csv": Says(
        "flightreader", "A", 2437, (55.507158, 10.717078), (0.0, 0.6), 64.5, pitches_deg=(0.0, -90.0), recorded_rows=377
    ),
    # The standard's own packets. The checksum stored in the longer one (0xAA43) is not the sum of its bytes (0x3E1E).
    "klv/DynamicConstantMISMMSPacketData.bin": Refused("checksum"),
    # 0x5595B66D / (2^32 - 2) x 180; 0x5B5360C4 / (2^32 - 2) x 360. Altitude above the sea only, so no height.
    "klv/DynamicOnlyMISMMSPacketData.bin": Says(
        "klv", "B", 1, (60.176822967, 128.426759042), pitches_deg=(-10.4716, -10.4716), focal_mm=5.523, tolerance=1e-3
    ),
}  # fmt: skip
