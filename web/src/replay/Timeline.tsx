import { useRef, useState } from "react";
import { useWidth } from "../shell/useWidth";
import { replayWords } from "../words/replay";
import { useWords } from "../words/words";
import type { Replay, TrackBar } from "./types";

const WIDE_AT_FIRST = 1200;
/** So far apart at least stand the marks of time. */
const MARK_PX = 70;
const ROW = 12;
const HEAD = 54;
const MOST_ROWS = 24;

type Props = { replay: Replay; now_s: number; showRejected: boolean; onSeek: (t_s: number) => void };

/** Activity, one bar an encounter, one a track; a click seeks. */
export function Timeline({ replay, now_s, showRejected, onSeek }: Props) {
  const say = useWords(replayWords);
  const [zoom, setZoom] = useState(1);
  const drawing = useRef<SVGSVGElement>(null);
  const wide = useWidth(drawing, WIDE_AT_FIRST);
  const shown_s = replay.duration_s / zoom;
  const from_s = Math.min(Math.max(0, now_s - shown_s / 2), replay.duration_s - shown_s);
  const x = (t_s: number): number => ((t_s - from_s) / shown_s) * wide;
  const rows = lanes(replay.tracks.filter((one) => showRejected || one.state !== "rejected"));
  const high = HEAD + rows.length * ROW + 22;
  const most = Math.max(1, ...replay.activity);
  const seek = (event: React.MouseEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    onSeek(Math.min(replay.duration_s, Math.max(0, from_s + ((event.clientX - box.left) / box.width) * shown_s)));
  };
  return (
    <section className="card timeline" aria-label={say("timeline")}>
      <label className="choice">
        {say("spread")}
        <input type="range" min={0} max={8} step={0.25} value={Math.log2(zoom)} onChange={(event) => setZoom(2 ** Number(event.target.value))} />
      </label>
      <svg ref={drawing} height={high} viewBox={`0 0 ${wide} ${high}`} onClick={seek} role="img" aria-label={say("timeline")}>
        {replay.spans.filter((one) => !one.sensed).map((one) => (
          <rect key={one.index} className="unsensed" x={x(one.start_s)} width={x(one.stop_s) - x(one.start_s)} y={0} height={high - 20} />
        ))}
        {replay.activity.map((count, index) => (
          <rect
            key={index}
            className="activity"
            x={x(index * replay.activity_step_s)}
            width={Math.max(0.5, (replay.activity_step_s / shown_s) * wide - 0.5)}
            y={28 - (count / most) * 26}
            height={(count / most) * 26}
          />
        ))}
        {replay.encounters.map((one, index) => (
          <g key={index} className={one.violated.length > 0 ? "encounter violated" : "encounter"}>
            <title>
              {say("encounter", { craft: one.craft, group: one.group, closest: one.closest_m.toFixed(1) })}
              {one.violated.length > 0 ? ` · ${say("violated", { rules: one.violated.join(", ") })}` : ""}
            </title>
            <rect x={x(one.start_s)} width={Math.max(2, x(one.end_s) - x(one.start_s))} y={32} height={14} />
            <line x1={x(one.closest_t_s)} x2={x(one.closest_t_s)} y1={30} y2={48} />
          </g>
        ))}
        {rows.flatMap((row, lane) =>
          row.map((one) => (
            <rect
              key={one.id}
              className={`track ${one.kind} ${one.state}`}
              x={x(one.start_s)}
              width={Math.max(2, x(one.end_s) - x(one.start_s))}
              y={HEAD + lane * ROW}
              height={ROW - 3}
            >
              <title>{one.rejection === null ? one.id : `${one.id}: ${one.rejection}`}</title>
            </rect>
          )),
        )}
        {marks(from_s, shown_s, Math.max(2, wide / MARK_PX)).map((t_s) => (
          <text key={t_s} x={x(t_s)} y={high - 5} className="mark">
            {clock(t_s)}
          </text>
        ))}
        <line className="now" x1={x(now_s)} x2={x(now_s)} y1={0} y2={high - 18} />
      </svg>
    </section>
  );
}

/** Tracks in as few rows as they fit into without touching; what fits into none shares the last. */
export function lanes(tracks: readonly TrackBar[]): TrackBar[][] {
  const rows: TrackBar[][] = [];
  for (const one of [...tracks].sort((a, b) => a.start_s - b.start_s)) {
    const row = rows.find((other) => (other.at(-1)?.end_s ?? 0) < one.start_s);
    if (row !== undefined) row.push(one);
    else if (rows.length < MOST_ROWS) rows.push([one]);
    else rows.at(-1)?.push(one);
  }
  return rows;
}

function marks(from_s: number, shown_s: number, most: number): number[] {
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].find((one) => shown_s / one <= most) ?? 7200;
  const found: number[] = [];
  for (let t_s = Math.ceil(from_s / step) * step; t_s <= from_s + shown_s; t_s += step) found.push(t_s);
  return found;
}

function clock(t_s: number): string {
  const whole = Math.round(t_s);
  const hours = Math.floor(whole / 3600);
  const rest = `${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
