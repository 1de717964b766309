import { describe, expect, it } from "vitest";
import type { Alert, AlertProperties } from "../alerts/alert";
import { areaOf, bandOf, compliance, csvOf, encountersCsv, hourOf, ofAlert, ofEncounter, tally, vesselName, within, type Encounter } from "./season";

function made(told: Partial<AlertProperties> = {}, place: [number, number] | null = [126.27, 33.21]): Alert {
  const properties = {
    version: 1, status: "candidate", severity: "grave", rule: "KR-1", start: "2026-07-01T16:30:00Z", end: null,
    closest_separation_m: 42.5, interval_95_m: [39, 46], vessel_identity: null, telemetry_grade: "A", analysis_id: "a", ...told,
  } as unknown as AlertProperties;
  return { id: "one", geometry: place && { coordinates: place }, properties };
}

function met(told: Partial<Encounter> = {}): Encounter {
  return {
    analysis_id: "a", encounter_id: "v1-d1", vessel_track: "v1", vessel_kind: "vessel", vessel: null, pack_id: "kr",
    start: "2026-07-01T16:30:00Z", closest_t_s: 1, closest_separation_m: 120, interval_95_m: { low: 110, high: 130 },
    latitude_deg: 33.21, longitude_deg: 126.27, kept: "kept", rules_broken: [], ...told,
  };
}

const called = (name: string): AlertProperties["vessel_identity"] => ({
  verdict: "matched", probability: 0.99, reason: "", name, stated_error_rate: 0.01,
});

describe("a season", () => {
  it("places what happened by area, local hour and closeness", () => {
    for (const one of [ofAlert(made()), ofEncounter(met({ closest_separation_m: 42.5 }))]) {
      expect(areaOf(one)).toBe("33.2, 126.2");
      expect(hourOf(one, "Asia/Seoul")).toBe("01");
      expect(bandOf(one)).toBe("< 50 m");
    }
    expect(bandOf(ofAlert(made({ closest_separation_m: 50 })))).toBe("< 100 m");
    expect(bandOf(ofAlert(made({ closest_separation_m: 2000 })))).toBe("≥ 1500 m");
  });
  it("keeps what is not known as its own row", () => {
    expect(areaOf(ofEncounter(met({ latitude_deg: null })))).toBeNull();
    expect(hourOf(ofAlert(made({ start: null })), "UTC")).toBeNull();
    expect(vesselName(made({ vessel_identity: { ...called("X")!, verdict: "ambiguous" } }))).toBeNull();
    expect(tally([], [made(), made({ vessel_identity: called("SEA") })], (one) => one.vessel)).toHaveLength(2);
  });
  it("leaves out alerts that were rejected or withdrawn, and counts who kept the rules", () => {
    const all = (["candidate", "confirmed", "rejected", "withdrawn"] as const).map((status) => made({ status, closest_separation_m: 120 }));
    const encounters = [met(), met({ kept: "broken" }), met({ kept: "not_judged" }), met()];
    expect(tally(encounters, all, bandOf)).toEqual([{ name: "< 300 m", met: 4, kept: 2, broken: 1, alerts: 2, confirmed: 1 }]);
    expect(compliance({ kept: 2, broken: 1 })).toBeCloseTo(2 / 3);
    expect(compliance({ kept: 0, broken: 0 })).toBeNull();
  });
  it("counts what came within the watching distance, on the days asked for", () => {
    const encounters = [met(), met({ closest_separation_m: 301 }), met({ start: null })];
    expect(within(encounters, 300, "", "")).toHaveLength(2);
    expect(within(encounters, 300, "2026-07-01", "2026-07-01")).toHaveLength(1);
    expect(within(encounters, 300, "2026-07-02", "")).toHaveLength(0);
  });
  it("orders bands by their number, not by their letters", () => {
    const far = [10.5, 4, 299].map((closest_separation_m) => met({ closest_separation_m }));
    expect(tally(far, [], bandOf, true).map((one) => one.name)).toEqual(["< 10 m", "< 50 m", "< 300 m"]);
  });
  it("writes names from radio so that no spreadsheet runs them", () => {
    const lines = csvOf([made({ vessel_identity: called('=HYPERLINK("x"),') })]).split("\r\n");
    expect(lines[1]).toContain(`"'=HYPERLINK(""x""),"`);
    expect(csvOf([made({}, null)]).split("\r\n")[1]?.split(",").slice(7, 9)).toEqual(["", ""]);
    expect(encountersCsv([met({ vessel: "+SEA", rules_broken: ["KR-1", "KR-2"] })])).toContain("'+SEA,v1,vessel,kr,kept,KR-1 KR-2");
  });
});
