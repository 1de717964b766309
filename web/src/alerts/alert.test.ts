import { describe, expect, it } from "vitest";
import { EVERYTHING, newestFirst, passes, type Alert } from "./alert";
import { niceTop, runs, ticks } from "./Curve";

function alert(id: string, told: Partial<Alert["properties"]>, place: readonly [number, number] | null = [126.2, 33.2]): Alert {
  return {
    id,
    geometry: place === null ? null : { coordinates: place },
    properties: { status: "candidate", severity: "grave", rule: "KR-1", start: "2026-08-01T03:00:00Z", created_at: "2026-08-02T00:00:00Z", ...told } as Alert["properties"],
  };
}

describe("passes", () => {
  it("lets all pass where nothing is chosen", () => expect(passes(alert("a", {}, null), EVERYTHING)).toBe(true));
  it("goes by status, severity and rule", () => {
    expect(passes(alert("a", {}), { ...EVERYTHING, statuses: ["confirmed"] })).toBe(false);
    expect(passes(alert("a", {}), { ...EVERYTHING, severities: ["grave", "notice"] })).toBe(true);
    expect(passes(alert("a", {}), { ...EVERYTHING, rule: "NZ-1" })).toBe(false);
  });
  it("holds both days of a span, and none without a time", () => {
    const day = { ...EVERYTHING, from: "2026-08-01", until: "2026-08-01" };
    expect(passes(alert("a", {}), day)).toBe(true);
    expect(passes(alert("a", { start: "2026-08-02T00:00:00Z" }), day)).toBe(false);
    expect(passes(alert("a", { start: null }), day)).toBe(false);
  });
  it("goes by place, and leaves out what has none", () => {
    const box = { ...EVERYTHING, box: [126, 33, 127, 34] as const };
    expect(passes(alert("a", {}), box)).toBe(true);
    expect(passes(alert("a", {}, [128, 33.2]), box)).toBe(false);
    expect(passes(alert("a", {}, null), box)).toBe(false);
  });
});

describe("newestFirst", () => {
  it("goes by the act, and by the version where the act has no time", () => {
    const sorted = [alert("old", { start: "2026-01-01T00:00:00Z" }), alert("none", { start: null }), alert("new", {})].sort(newestFirst);
    expect(sorted.map((one) => one.id)).toEqual(["none", "new", "old"]);
  });
});

describe("curves", () => {
  it("breaks where a value is missing", () => expect(runs([null, 1, 2, null, 3])).toEqual([[1, 2], [4, 4]]));
  it.each([[0.9, 1], [12, 15], [150, 150], [151, 200]])("ends its axis above %d at %d", (value, top) => expect(niceTop(value)).toBe(top));
  it.each([
    [1.5, [0, 0.5, 1, 1.5]], [80, [0, 20, 40, 60, 80]], [300, [0, 100, 200, 300]], [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])("marks its axis up to %d in round steps", (top, marks) => expect(ticks(top)).toEqual(marks));
});
