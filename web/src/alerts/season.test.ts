import { describe, expect, it } from "vitest";
import type { Alert, AlertProperties } from "./alert";
import { areaOf, bandOf, csvOf, hourOf, tally, vesselName } from "./season";

function made(told: Partial<AlertProperties> = {}, place: [number, number] | null = [126.27, 33.21]): Alert {
  const properties = {
    version: 1, status: "candidate", severity: "grave", rule: "KR-1", start: "2026-07-01T16:30:00Z", end: null,
    closest_separation_m: 42.5, interval_95_m: [39, 46], vessel_identity: null, telemetry_grade: "A", analysis_id: "a", ...told,
  } as unknown as AlertProperties;
  return { id: "one", geometry: place && { coordinates: place }, properties };
}

const called = (name: string): AlertProperties["vessel_identity"] => ({
  verdict: "matched", probability: 0.99, reason: "", name, stated_error_rate: 0.01,
});

describe("a season", () => {
  it("places an alert by area, local hour and closeness", () => {
    expect(areaOf(made())).toBe("33.2, 126.2");
    expect(hourOf(made(), "Asia/Seoul")).toBe("01");
    expect(bandOf(made())).toBe("< 50 m");
    expect(bandOf(made({ closest_separation_m: 50 }))).toBe("< 100 m");
    expect(bandOf(made({ closest_separation_m: 2000 }))).toBe("≥ 1500 m");
  });
  it("keeps what is not known as its own row", () => {
    expect(areaOf(made({}, null))).toBeNull();
    expect(hourOf(made({ start: null }), "UTC")).toBeNull();
    expect(vesselName(made({ vessel_identity: { ...called("X")!, verdict: "ambiguous" } }))).toBeNull();
    expect(tally([made(), made({ vessel_identity: called("SEA") })], vesselName)).toHaveLength(2);
  });
  it("leaves out what was rejected or withdrawn, and counts what was confirmed", () => {
    const all = (["candidate", "confirmed", "rejected", "withdrawn"] as const).map((status) => made({ status }));
    expect(tally(all, bandOf)).toEqual([{ name: "< 50 m", all: 2, confirmed: 1 }]);
  });
  it("orders bands by their number, not by their letters", () => {
    const far = [10.5, 4, 299].map((closest_separation_m) => made({ closest_separation_m }));
    expect(tally(far, bandOf, true).map((one) => one.name)).toEqual(["< 10 m", "< 50 m", "< 300 m"]);
  });
  it("writes names from radio so that no spreadsheet runs them", () => {
    const lines = csvOf([made({ vessel_identity: called('=HYPERLINK("x"),') })]).split("\r\n");
    expect(lines[1]).toContain(`"'=HYPERLINK(""x""),"`);
    expect(csvOf([made({}, null)]).split("\r\n")[1]?.split(",").slice(7, 9)).toEqual(["", ""]);
  });
});
