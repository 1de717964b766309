import { describe, expect, it } from "vitest";
import { cardOf } from "./card";

const file = (name: string): File => ({ name, size: 10, lastModified: 1 }) as File;

describe("a card", () => {
  it("is put together as the gateway said", () => {
    const files = [file("DJI_0119.MP4"), file("DJI_0119.SRT"), file("DJI_0120.MP4"), file("x.csv")];
    const told = { recordings: [[{ video: 0, telemetry: 1 }, { video: 2, telemetry: null }]], alone: [3], left_out: [] };
    const card = cardOf(files, told);
    expect(card.recordings[0]?.parts.map((one) => [one.video.name, one.telemetry?.name ?? null])).toEqual([
      ["DJI_0119.MP4", "DJI_0119.SRT"], ["DJI_0120.MP4", null],
    ]);
    expect(card.alone.map((one) => one.name)).toEqual(["x.csv"]);
    expect(() => cardOf(files, { ...told, alone: [9] })).toThrow("file 9 of 4");
  });
});
