import { useId, useRef } from "react";
import { useWidth } from "../shell/useWidth";

type Props = {
  label: string;
  unit: string;
  across: string;
  t_s: readonly number[];
  values: readonly (number | null)[];
  intervals: readonly (readonly [number, number] | null)[];
  threshold: number | null;
  now_s: number;
  onSeek: (t_s: number) => void;
};

const WIDE_AT_FIRST = 640;
const HIGH = 220;
const LEFT = 46;
const BOTTOM = 30;
const TOP = 10;

/** A value through time with its 95 % band, the legal threshold, and the moment the video shows. A click seeks. */
export function Curve({ label, unit, across, t_s, values, intervals, threshold, now_s, onSeek }: Props) {
  const title = useId();
  const drawing = useRef<SVGSVGElement>(null);
  const wide = useWidth(drawing, WIDE_AT_FIRST);
  const first = t_s[0] ?? 0;
  const last = t_s[t_s.length - 1] ?? 1;
  const most = niceTop(robustTop(values, intervals, threshold));
  const x = (seconds: number): number => LEFT + ((seconds - first) / Math.max(last - first, 1e-9)) * (wide - LEFT - 8);
  const y = (value: number): number => TOP + (1 - Math.min(value, most) / most) * (HIGH - TOP - BOTTOM);
  const seek = (event: React.MouseEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * wide;
    onSeek(first + ((at - LEFT) / (wide - LEFT - 8)) * (last - first));
  };
  return (
    <figure className="curve">
      <figcaption id={title}>
        {label} ({unit})
      </figcaption>
      <svg ref={drawing} height={HIGH} viewBox={`0 0 ${wide} ${HIGH}`} role="img" aria-labelledby={title} onClick={seek}>
        {ticks(most).map((value) => (
          <g key={value} className="axis">
            <line x1={LEFT} x2={wide - 8} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 6} y={y(value) + 4} textAnchor="end">
              {value}
            </text>
          </g>
        ))}
        {[first, (first + last) / 2, last].map((seconds, index) => (
          <text key={index} className="axis" x={x(seconds)} y={HIGH - 10} textAnchor={index === 0 ? "start" : index === 1 ? "middle" : "end"}>
            {seconds.toFixed(1)}
            {index === 1 ? ` ${across}` : ""}
          </text>
        ))}
        {runs(intervals).map(([from, to]) => (
          <path key={from} className="band" d={band(t_s, intervals, from, to, x, y)} />
        ))}
        {threshold !== null && threshold <= most && (
          <g className="threshold">
            <line x1={LEFT} x2={wide - 8} y1={y(threshold)} y2={y(threshold)} />
            <text x={wide - 12} y={y(threshold) - 5} textAnchor="end">
              {threshold} {unit}
            </text>
          </g>
        )}
        {runs(values).map(([from, to]) => (
          <polyline key={from} className="value" points={line(t_s, values, from, to, x, y)} />
        ))}
        {now_s >= first && now_s <= last && <line className="now" x1={x(now_s)} x2={x(now_s)} y1={TOP} y2={HIGH - BOTTOM} />}
      </svg>
    </figure>
  );
}

/** First and last index of each stretch without a gap. */
export function runs(values: readonly unknown[]): [number, number][] {
  const found: [number, number][] = [];
  let from = -1;
  values.forEach((value, index) => {
    if (value !== null && from < 0) from = index;
    if (value === null && from >= 0) {
      found.push([from, index - 1]);
      from = -1;
    }
  });
  if (from >= 0) found.push([from, values.length - 1]);
  return found;
}

type Scale = (value: number) => number;

function line(t_s: readonly number[], values: readonly (number | null)[], from: number, to: number, x: Scale, y: Scale): string {
  const points: string[] = [];
  for (let index = from; index <= to; index += 1) points.push(`${x(t_s[index] ?? 0).toFixed(1)},${y(values[index] ?? 0).toFixed(1)}`);
  return points.join(" ");
}

function band(
  t_s: readonly number[], intervals: readonly (readonly [number, number] | null)[], from: number, to: number, x: Scale, y: Scale,
): string {
  const upper: string[] = [];
  const lower: string[] = [];
  for (let index = from; index <= to; index += 1) {
    const [low, high] = intervals[index] ?? [0, 0];
    const across = x(t_s[index] ?? 0).toFixed(1);
    upper.push(`${across},${y(high).toFixed(1)}`);
    lower.unshift(`${across},${y(Math.max(0, low)).toFixed(1)}`);
  }
  return `M${upper.join("L")}L${lower.join("L")}Z`;
}

/** High enough for the values and the threshold, and for nine in ten of the intervals' ends. */
function robustTop(values: readonly (number | null)[], intervals: readonly (readonly [number, number] | null)[], threshold: number | null): number {
  const known = values.filter((value) => value !== null);
  const ends = intervals.flatMap((one) => (one === null ? [] : [one[1]])).sort((a, b) => a - b);
  return Math.max(...known, ends[Math.floor(ends.length * 0.9)] ?? 0, (threshold ?? 0) * 1.3, 1);
}

/** Tops that four or five steps of a round number reach. */
export function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((top) => top >= value) ?? 10 * power;
}

/** From 0 to the top in round steps, at most six. */
export function ticks(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [0.1, 0.2, 0.25, 0.5, 1, 2].map((one) => one * power).find((one) => most / one <= 5.0001) ?? most;
  return Array.from({ length: Math.floor(most / step + 1e-6) + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}
