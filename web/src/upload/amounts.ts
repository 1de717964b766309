import type { uploadWords } from "../words/upload";

type Say = (key: "lessThanMinute" | "minutes" | "hours", values?: Record<string, number>) => string;
export type UploadKey = keyof typeof uploadWords;

/** Bytes as people read them, powers of 1,000 like on the card. */
export function bytes(count: number): string {
  for (const [unit, size] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]] as const) {
    if (count >= size) return `${(count / size).toFixed(count >= 100 * size ? 0 : 1)} ${unit}`;
  }
  return `${count} B`;
}

/** A time left, in words that do not pretend to know the second. */
export function timeLeft(seconds: number, say: Say): string {
  if (seconds < 60) return say("lessThanMinute");
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? say("minutes", { n: minutes }) : say("hours", { h: Math.floor(minutes / 60), n: minutes % 60 });
}
