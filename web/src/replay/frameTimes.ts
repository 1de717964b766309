import { send } from "../api/client";
import type { Replay } from "./types";

/** The frames of one span, analysed or not. */
export type FrameWindow = {
  /** Number of the first of them in the video, from 0. */
  readonly first: number;
  readonly pts: readonly number[];
  /** From the clip's first frame. */
  readonly t_s: readonly number[];
};

const MAGIC = "WBFRAME1";
const HEAD_BYTES = 48;

/** From the form of `frames.bin` (docs/replay.md). Throws where it is of another form. */
export function unpack(content: ArrayBuffer, clipFirstPts: number): FrameWindow {
  const view = new DataView(content);
  const magic = String.fromCharCode(...new Uint8Array(content, 0, MAGIC.length));
  const [numerator, denominator, count, first, firstPts] = [8, 16, 24, 32, 40].map((at) => Number(view.getBigInt64(at, true))) as [
    number, number, number, number, number,
  ];
  if (magic !== MAGIC || content.byteLength !== HEAD_BYTES + 8 * Math.max(0, count - 1)) throw new Error("no list of frames");
  const pts: number[] = count > 0 ? [firstPts] : [];
  for (let index = 1; index < count; index += 1) pts.push((pts[index - 1] ?? 0) + Number(view.getBigUint64(HEAD_BYTES + 8 * (index - 1), true)));
  return { first, pts, t_s: pts.map((one) => ((one - clipFirstPts) * numerator) / denominator) };
}

/** The times of a span's frames, from the gateway. */
export async function fetchFrames(replay: Replay, index: number): Promise<FrameWindow> {
  const answer = await send(`/v1/analyses/${replay.analysis_id}/replay/spans/${index}/frames`);
  return unpack(await answer.arrayBuffer(), replay.frames?.first_pts ?? 0);
}
