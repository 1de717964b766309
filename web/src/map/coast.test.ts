import { describe, expect, it } from "vitest";
import coast from "virtual:coast";
import { landOf } from "./coast";

type Ring = readonly (readonly number[])[];

/** Whether a point is on land: how often a line to the east crosses the rings. */
function isLand(longitude: number, latitude: number): boolean {
  const crossings = (ring: Ring): number =>
    ring.slice(1).filter(([x2 = 0, y2 = 0], index) => {
      const [x1 = 0, y1 = 0] = ring[index] ?? [];
      return y1 > latitude !== y2 > latitude && longitude < x1 + ((latitude - y1) / (y2 - y1)) * (x2 - x1);
    }).length;
  return landOf(coast).features.some(({ geometry }) => geometry.coordinates.reduce((sum, ring) => sum + crossings(ring), 0) % 2 === 1);
}

describe("the coast", () => {
  it.each([
    ["Hallasan on Jeju", 126.53, 33.36, true],
    ["the sea between Jeju and the mainland", 126.8, 33.9, false],
    ["off Daejeong", 126.2, 33.1, false],
    ["Seoul", 127.0, 37.55, true],
    ["Ulleungdo", 130.87, 37.5, true],
    ["the East Sea", 131.5, 38.5, false],
    ["Beijing, at the edge of what is fine", 116.4, 39.9, true],
    ["a place on the seam", 117.0, 35.0, true],
    ["Auckland's hinterland", 175.5, -38.5, true],
    ["the Tasman Sea", 165, -38, false],
    ["the Azores' sea", -27, 37, false],
  ])("knows %s", (_, longitude, latitude, land) => {
    expect(isLand(longitude, latitude)).toBe(land);
  });

  it("is small", () => {
    expect(JSON.stringify(coast).length).toBeLessThan(1_000_000);
  });
});
