import { send } from "../api/client";
import type { Outline } from "./between";
import { KINDS, type Kind, type Replay } from "./types";

/** A detection that was set aside before tracking. */
export type AsideBox = Outline & {
  readonly confidence: number;
  /** Null where the network's class has no word here. */
  readonly kind: Kind | null;
  readonly reason: string;
};

/** Those of one span, by the PTS of their frame. */
export type AsideSpan = ReadonlyMap<number, readonly AsideBox[]>;

const MAGIC = "WBASIDE1";
const HEAD_BYTES = 24;
const COLUMNS = ["cx", "cy", "length", "width", "angle", "confidence"] as const;

/** From the form that docs/replay.md has. Throws where it is of another form. */
export function unpackAside(content: ArrayBuffer): AsideSpan {
  const view = new DataView(content);
  const magic = String.fromCharCode(...new Uint8Array(content, 0, Math.min(MAGIC.length, content.byteLength)));
  if (magic !== MAGIC) throw new Error("no list of detections set aside");
  const [frames, count, told] = [8, 12, 16].map((at) => view.getUint32(at, true)) as [number, number, number];
  const numbersAt = HEAD_BYTES + 8 * frames + 4 * (frames + 1);
  const wordsAt = numbersAt + 4 * COLUMNS.length * count + 4 * count;
  if (content.byteLength !== wordsAt + told) throw new Error("no whole list of detections set aside");
  const words = new TextDecoder().decode(new Uint8Array(content, wordsAt, told)).split("\n");
  const number = (column: number, row: number): number => view.getFloat32(numbersAt + 4 * (column * count + row), true);
  const word = (column: number, row: number): string =>
    words[view.getUint16(numbersAt + 4 * COLUMNS.length * count + 2 * (column * count + row), true)] ?? "";
  const box = (row: number): AsideBox => {
    const [cx, cy, length, width, angle, confidence] = COLUMNS.map((_, column) => number(column, row)) as [number, number, number, number, number, number];
    return { cx, cy, length, width, angle, confidence, kind: KINDS.find((one) => one === word(0, row)) ?? null, reason: word(1, row) };
  };
  const first = (frame: number): number => view.getUint32(HEAD_BYTES + 8 * frames + 4 * frame, true);
  return new Map(
    Array.from({ length: frames }, (_, frame) => [
      Number(view.getBigInt64(HEAD_BYTES + 8 * frame, true)),
      Array.from({ length: first(frame + 1) - first(frame) }, (_, row) => box(first(frame) + row)),
    ]),
  );
}

/** What was set aside in a span, from the gateway. */
export async function fetchAside(replay: Replay, index: number): Promise<AsideSpan> {
  const answer = await send(`/v1/analyses/${replay.analysis_id}/replay/spans/${index}/aside`);
  return unpackAside(await answer.arrayBuffer());
}

/** The smallest of the boxes drawn that hold a point, or lie within `near` pixels of it; -1 where none does. */
export function boxUnder(boxes: readonly AsideBox[], hidden: ReadonlySet<string>, x: number, y: number, near: number): number {
  let found = -1;
  let least = Infinity;
  boxes.forEach((one, index) => {
    if (hidden.has(one.reason)) return;
    const angle = (one.angle * Math.PI) / 180;
    const [right, down] = [x - one.cx, y - one.cy];
    const along = Math.abs(right * Math.cos(angle) + down * Math.sin(angle));
    const across = Math.abs(down * Math.cos(angle) - right * Math.sin(angle));
    const area = one.length * one.width;
    if (along <= one.length / 2 + near && across <= one.width / 2 + near && area < least) [found, least] = [index, area];
  });
  return found;
}
