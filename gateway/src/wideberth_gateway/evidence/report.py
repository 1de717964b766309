"""The report: four pages of PDF that an officer can read in five minutes, in Korean or English.

Text is set in Noto Sans KR (SIL Open Font License 1.1, from the package pylopdf-fonts-ko); the part that is used is
embedded, so the file reads the same everywhere. No font or program is fetched at run time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from wideberth_gateway.evidence.case import AlertFacts, Case
from wideberth_gateway.evidence.exhibits import Absent, Exhibit
from wideberth_gateway.evidence.measures import Measures
from wideberth_gateway.evidence.pages import Pages
from wideberth_gateway.evidence.report_words import word
from wideberth_gateway.version import wideberth_version
from wideberth_gateway.wording.language import Language
from wideberth_gateway.wording.recognising import told_in_korean


@dataclass(frozen=True, slots=True)
class ReportInput:
    """What a report is written from. `folder` holds the exhibits."""

    case: Case
    measures: Measures
    shown: tuple[Exhibit, ...]
    absent: tuple[Absent, ...]
    folder: Path
    made_at: datetime


def write_report(given: ReportInput, language: Language, target: Path) -> Path:
    """Write the report in one language."""

    def say(key: str) -> str:
        return word(key, language)

    title = say("title")
    pages = Pages(title, f"{say('alert')} {given.case.id}", say("page"), given.made_at, language.value)
    writer = _Writer(given, language, pages)
    writer.first_page()
    writer.pictures()
    writer.measurement()
    writer.custody()
    pages.save(target)
    return target


class _Writer:
    """One report on its way."""

    def __init__(self, given: ReportInput, language: Language, pages: Pages) -> None:
        self.given = given
        self.case = given.case
        self.alert: AlertFacts = given.case.alert
        self.language = language
        self.pages = pages

    def say(self, key: str) -> str:
        return word(key, self.language)

    def first_page(self) -> None:
        alert, pages = self.alert, self.pages
        pages.note(self.say("candidate"))
        if alert.advisory:
            pages.note(self.say("advisory"))
        pages.headline(self._headline(), self._subline())
        pages.facts(
            [
                (self.say("rule"), self._rule()),
                (self.say("when"), self._when()),
                (self.say("where"), self._where()),
                (self.say("vessel"), self._vessel()),
                (self.say("identity"), self._identity()),
                (self.say("animals"), self._animals()),
                (self.say("closest"), self._closest()),
                *self._stays(),
                (self.say("status"), self.say(f"status_{alert.status}")),
            ]
        )
        self._picture("stills/closest.png", 92)

    def pictures(self) -> None:
        self.pages.heading(self.say("curves"), new_page=True)
        self._picture("curves/distance.png", 72)
        self._picture("curves/speed.png", 72)
        self.pages.heading(self.say("pictures"))
        beside = ("stills/closest-as-filmed.png", "stills/vessel.png")
        self.pages.side_by_side([self._shown(name) for name in beside if self._is_shown(name)], self.given.folder)

    def measurement(self) -> None:
        pages, alert = self.pages, self.alert
        pages.heading(self.say("how_well"), new_page=True)
        pages.facts(
            [
                (self.say("grade"), self.say(f"grade_{alert.telemetry_grade}")),
                (self.say("calibration"), self._calibration()),
                (self.say("own_conduct"), self._own_conduct()),
                (self.say("reason"), self._reason(alert.reason, alert.reason_ko)),
            ]
        )
        budget = self.given.measures.budget
        if budget is not None:
            pages.heading(self.say("budget"))
            shares = [share for share in budget.shares if share.sigma_m >= 0.005]
            rows = [(self.say(f"source_{share.source}"), f"{share.sigma_m:.2f} m") for share in shares]
            rows += [
                (self.say("rest"), f"{budget.rest_m:.2f} m"),
                (self.say("together"), f"{budget.judged_sigma_m:.2f} m"),
            ]
            pages.bars(rows, [*(share.sigma_m for share in shares), budget.rest_m, budget.judged_sigma_m])
            pages.small(self.say("budget_note"))
        self._picture("curves/map.png", 84)
        pages.heading(self.say("warnings"))
        pages.points(self._warnings() or [self.say("nothing")])
        pages.heading(self.say("limits"))
        pages.text(self.say("limits_text"))

    def _warnings(self) -> list[str]:
        english = [str(one) for one in self.case.summary.get("warnings", ())]
        return [told_in_korean(one) for one in english] if self.language is Language.KOREAN else english

    def custody(self) -> None:
        pages, plan = self.pages, self.case.plan
        pages.heading(self.say("custody"), new_page=True)
        telemetry = plan.telemetry
        rows = [
            (self.say("video"), f"{plan.video}\n{plan.video_sha256}"),
            (self.say("telemetry"), f"{telemetry.file}\n{telemetry.sha256}" if telemetry else self.say("nothing")),
            (self.say("clock"), self._clock()),
            (self.say("pack"), f"{self.case.pack.id} {self.case.pack.version}\n{self.case.pack.sha256}"),
            *((self.say("model"), f"{m.id} ({m.runtime})\n{m.sha256}") for s in plan.services for m in s.models),
            (self.say("analysis"), plan.analysis_id),
            (self.say("made_by"), f"Wideberth {wideberth_version()}, {self.given.made_at:%Y-%m-%d %H:%M} UTC"),
        ]
        pages.facts(rows)
        pages.text(self.say("check"))
        pages.heading(self.say("absent"))
        absent = [self._absent(one) for one in self.given.absent]
        pages.points(absent or [self.say("nothing")])
        pages.heading(self.say("sign"))
        pages.lines_to_fill([self.say(f"sign_{who}") for who in ("operator", "species", "first", "second")])

    def _headline(self) -> str:
        alert = self.alert
        if alert.measured is None or alert.threshold is None:
            return self._reason(alert.reason, alert.reason_ko)
        measured = f"{self.say('measured')} {alert.measured:.1f} {alert.unit}"
        return f"{measured}  ·  {self.say('limit')} {alert.threshold:g} {alert.unit}"

    def _subline(self) -> str:
        alert = self.alert
        parts = []
        if alert.measured_interval_95 is not None:
            low, high = alert.measured_interval_95
            parts.append(f"{self.say('interval')} {low:.1f}–{high:.1f} {alert.unit}")
        parts.append(f"{self.say('held_for')} {alert.duration_s:.1f} {self.say('seconds')}")
        parts.append(
            f"{self.say('frames')} {len(alert.decisive_pts)}{'+' if len(alert.decisive_pts) >= MOST_DECISIVE else ''}"
        )
        return "  ·  ".join(parts)

    def _rule(self) -> str:
        alert = self.alert
        level = self.say(f"evidence_{alert.evidence_level}")
        return f"{alert.rule}  {alert.rule_original}\n{alert.rule_english}\n{alert.citation} [{level}]"

    def _when(self) -> str:
        alert = self.alert
        clip = f"{alert.start_s:.2f}–{alert.end_s:.2f} {self.say('in_clip')}"
        if alert.start is None or alert.end is None:
            return f"{self.say('time_unknown')}: {clip}"
        offset_h = self.case.plan.settings.context.utc_offset_h
        zone = timezone(timedelta(hours=offset_h))
        local = f"{alert.start.astimezone(zone):%Y-%m-%d %H:%M:%S}–{alert.end.astimezone(zone):%H:%M:%S}"
        utc = f"{alert.start:%Y-%m-%d %H:%M:%S}–{alert.end:%H:%M:%S} UTC"
        return f"{local} ({self.say('local')}{offset_h:+g})\n{utc}; {clip}"

    def _where(self) -> str:
        geometry = self.case.feature.get("geometry")
        place = self.say("not_known")
        if geometry:
            longitude, latitude = geometry["coordinates"][:2]
            place = f"{latitude:.6f}°, {longitude:.6f}° (WGS 84)"
        ellipse = self.given.measures.ellipse
        if ellipse is None:
            return place
        size = f"{ellipse.major_m:.1f} × {ellipse.minor_m:.1f} m"
        return f"{place}\n{self.say('ellipse')}: {size}, {self.say('towards')} {ellipse.bearing_deg:.0f}°"

    def _vessel(self) -> str:
        kind = self.say(f"kind_{self.alert.vessel_kind}")
        length = self.given.measures.length_m
        size = f", {self.say('length')} {length.value:.1f} ± {1.96 * length.sigma:.1f} m" if length else ""
        return f"{kind} ({self.say('track')} {self.alert.vessel_track}){size}"

    def _identity(self) -> str:
        known = self.case.identity
        if known is None:
            return self.say("not_known")
        why = self._reason(known.reason, known.reason_ko)
        share = f"{self.say('probability')} {100 * known.probability:.1f} %"
        if not known.named:
            return f"{self.say('not_known')}: {self.say(f'identity_{known.verdict}')} ({share})\n{why}"
        named = [*([known.name] if known.name else []), *([f"MMSI {known.mmsi}"] if known.mmsi else [])]
        return f"{', '.join(named)} ({share})\n{self.say('identity_matched')}\n{why}"

    def _absent(self, one: Absent) -> str:
        is_korean = self.language is Language.KOREAN
        return f"{one.part_ko}: {one.reason_ko}" if is_korean else f"{one.part}: {one.reason}"

    def _reason(self, english: str, korean: str | None) -> str:
        """In the report's language; in English where the analysis was made by a version that had no other."""
        return korean if korean is not None and self.language is Language.KOREAN else english

    def _animals(self) -> str:
        alert = self.alert
        text = f"{len(alert.animal_tracks)} ({', '.join(alert.animal_tracks)}): {self.say('dolphin')}"
        return f"{text}\n{', '.join(alert.unsure_animals)}: {self.say('unsure')}" if alert.unsure_animals else text

    def _closest(self) -> str:
        low, high = self.alert.interval_95_m
        value = f"{self.alert.closest_separation_m:.1f} m ({self.say('interval')} {low:.1f}–{high:.1f} m)"
        return f"{value}, {self.alert.closest_t_s:.2f} {self.say('in_clip')}, PTS {self.alert.closest_pts}"

    def _stays(self) -> list[tuple[str, str]]:
        line = self.say("stay_line")
        return [
            (
                f"{self.say('stays')} {stay.threshold_m:.0f} m",
                line.format(
                    seconds=f"{stay.seconds:.1f}", surely=f"{stay.surely_s:.1f}", possibly=f"{stay.possibly_s:.1f}"
                ),
            )
            for stay in self.given.measures.stays
            if stay.threshold_m <= FARTHEST_STAY_M
        ]

    def _calibration(self) -> str:
        fit = self.case.plan.calibration
        if fit is None:
            return self.say("no_calibration")
        return self.say("calibrated").format(
            height=f"{fit.height_m.value:.1f}",
            height_sigma=f"{fit.height_m.sigma:.1f}",
            pitch=f"{fit.pitch_offset_deg.value:+.2f}",
            pitch_sigma=f"{fit.pitch_offset_deg.sigma:.2f}",
            focal=f"{fit.focal_ratio.value:.3f}",
            focal_sigma=f"{fit.focal_ratio.sigma:.3f}",
        )

    def _own_conduct(self) -> str:
        lines = []
        for one in self.case.judged.get("own_conduct", []):
            line = f"{one['rule']}: {self.say(one['verdict'])}"
            if one["measured"] is not None and one["interval_95"] and one["threshold"] is not None:
                low, high, unit = one["interval_95"]["low"], one["interval_95"]["high"], one["unit"]
                line += f". {self.say('measured')} {one['measured']:.1f} {unit}"
                line += f", {self.say('interval')} {low:.1f}–{high:.1f} {unit}"
                line += f", {self.say('limit')} {one['threshold']:g} {unit}"
            lines.append(f"{line}\n{self._reason(one['reason'], one.get('reason_ko'))}")
        return "\n".join(lines) or self.say("no_own_conduct")

    def _clock(self) -> str:
        plan = self.case.plan
        if plan.starts_at is None or plan.telemetry is None:
            return self.say("clock_none")
        return self.say("clock_telemetry").format(offset=f"{plan.settings.context.utc_offset_h:+g}")

    def _is_shown(self, name: str) -> bool:
        return any(exhibit.file == name for exhibit in self.given.shown)

    def _shown(self, name: str) -> tuple[str, str]:
        exhibit = next(exhibit for exhibit in self.given.shown if exhibit.file == name)
        return name, exhibit.korean if self.language is Language.KOREAN else exhibit.english

    def _picture(self, name: str, height_mm: float) -> None:
        if self._is_shown(name):
            file, caption = self._shown(name)
            self.pages.picture(self.given.folder / file, caption, height_mm)


FARTHEST_STAY_M = 300.0  # beyond, time nearer than that is the whole clip and says nothing
MOST_DECISIVE = 20  # a finding names so many frames at most
