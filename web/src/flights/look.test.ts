import { describe, expect, it } from "vitest";
import { clock, joined, lengthOf, levelOf, momentAt, momentsOf, pieces, placeAt, poorShare, sharperThan, type Look, type Moment } from "./look";

const part = (position: number, starts_s: number, sigmas: readonly (number | null)[]) => ({
  position,
  starts_s,
  findings: [],
  reasons: [],
  look: {
    duration_s: 2 * sigmas.length,
    moments: sigmas.map((sigma_m, k) => ({ t_s: 2 * k, sigma_m, absence: sigma_m === null ? "no_telemetry" : null })),
    path: [],
  },
});
const look = { parts: [part(0, 0, [0.8, 2]), part(1, 4, [null, 6])] } as unknown as Look;

describe("a look", () => {
  it("puts the moments of every part on the time of the flight", () => {
    expect(momentsOf(look).map((one) => [one.start_s, one.stop_s, levelOf(one.sigma_m)])).toEqual([
      [0, 2, "sharp"], [2, 4, "good"], [4, 6, "none"], [6, 8, "poor"],
    ]);
    expect(lengthOf(look)).toBe(8);
    expect(momentAt(momentsOf(look), 5)?.absence).toBe("no_telemetry");
  });

  it("tells which share of what can be measured is poor", () => {
    expect(poorShare(momentsOf(look))).toBeCloseTo(1 / 3);
    expect(poorShare([])).toBe(0);
  });

  it("chooses what is sharp enough, in whole stretches", () => {
    expect(sharperThan(momentsOf(look), 2.5)).toEqual([{ start_s: 0, stop_s: 4 }]);
    expect(joined([{ start_s: 5, stop_s: 9 }, { start_s: 0, stop_s: 2 }, { start_s: 2, stop_s: 3 }])).toEqual([
      { start_s: 0, stop_s: 3 }, { start_s: 5, stop_s: 9 },
    ]);
  });

  it("cuts the path where the level changes and loses no piece of it", () => {
    const moments: Moment[] = [
      { start_s: 0, stop_s: 2, sigma_m: 0.5, absence: null, part: 0 },
      { start_s: 2, stop_s: 4, sigma_m: null, absence: "too_low", part: 0 },
    ];
    const path = [0, 1, 2, 3].map((t_s) => ({ t_s, longitude: t_s, latitude: 0 }));
    expect(pieces(path, moments)).toEqual([
      { level: "sharp", line: [[0, 0], [1, 0]] },
      { level: "none", line: [[1, 0], [2, 0], [3, 0]] },
    ]);
    expect(placeAt(path, 1.5)?.longitude).toBe(1.5);
    expect(placeAt(path, 9)?.longitude).toBe(3);
    expect(placeAt([], 1)).toBeNull();
  });

  it("tells times as people do", () => {
    expect([clock(0), clock(65.4), clock(3725)]).toEqual(["0:00", "1:05", "1:02:05"]);
  });
});
