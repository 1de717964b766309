import { describe, expect, it } from "vitest";
import { paired } from "./pairing";

function file(name: string, size = 10): File {
  return { name, size, lastModified: 1 } as File;
}

describe("paired", () => {
  it("puts a video to the subtitles of its name, whatever the case", () => {
    const { pairs, alone } = paired([file("DJI_0119.MP4"), file("dji_0119.srt"), file("DJI_0120.MP4")]);
    expect(pairs.map((one) => [one.video.name, one.telemetry?.name ?? null])).toEqual([
      ["DJI_0119.MP4", "dji_0119.srt"],
      ["DJI_0120.MP4", null],
    ]);
    expect(alone).toEqual([]);
  });

  it("prefers subtitles to other logs and tells what belongs to no video", () => {
    const { pairs, alone } = paired([file("a.mp4"), file("a.csv"), file("a.SRT"), file("b.txt")]);
    expect(pairs[0]?.telemetry?.name).toBe("a.SRT");
    expect(alone.map((one) => one.name)).toEqual(["a.csv", "b.txt"]);
  });

  it("knows a recording that the drone split, and only that", () => {
    const full = 4 * 2 ** 30 - 1000;
    const { pairs } = paired([file("DJI_0119.MP4", full), file("DJI_0120.MP4", 500), file("DJI_0121.MP4", 500)]);
    expect(pairs.map((one) => one.continues)).toEqual([null, "DJI_0119.MP4", null]);
    const dated = paired([file("DJI_20260101120000_0007_D.MP4", full), file("DJI_20260101120412_0008_D.MP4", 9)]);
    expect(dated.pairs.map((one) => one.continues)).toEqual([null, "DJI_20260101120000_0007_D.MP4"]);
  });

  it("leaves out previews, hidden and empty files", () => {
    expect(paired([file("DJI_0001.LRF"), file("._DJI_0001.MP4"), file("x.mp4", 0)])).toEqual({ pairs: [], alone: [] });
  });
});
