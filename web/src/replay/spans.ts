import { getJson } from "../api/client";
import type { Replay, SpanObjects } from "./types";

/** Spans kept at once: what is shown, what comes next, and a little of what was. A long clip stays flat in memory. */
const KEPT = 6;

/** Objects by span, fetched when the video comes near and let go when it is far. */
export class Spans {
  private readonly kept = new Map<number, SpanObjects | Promise<SpanObjects>>();

  constructor(
    private readonly replay: Replay,
    private readonly changed: () => void,
  ) {}

  /** The span of a moment, once it is here; asks for it and for the next one. */
  at(t_s: number): SpanObjects | null {
    const here = this.replay.spans.find((span) => t_s >= span.start_s && t_s < span.stop_s) ?? this.replay.spans.at(-1);
    if (here === undefined) return null;
    this.want(here.index + 1);
    return this.want(here.index);
  }

  private want(index: number): SpanObjects | null {
    const span = this.replay.spans.find((one) => one.index === index);
    if (span === undefined || !span.sensed) return null;
    const known = this.kept.get(index);
    if (known !== undefined) return known instanceof Promise ? null : known;
    const asked = getJson<SpanObjects>(`/v1/analyses/${this.replay.analysis_id}/replay/spans/${index}`);
    this.kept.set(index, asked);
    asked.then(
      (found) => {
        this.kept.delete(index);
        this.kept.set(index, found);
        for (const old of [...this.kept.keys()].slice(0, Math.max(0, this.kept.size - KEPT))) this.kept.delete(old);
        this.changed();
      },
      () => setTimeout(() => this.kept.delete(index), 3000),
    );
    return null;
  }
}
