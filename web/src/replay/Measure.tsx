import { alertWords } from "../words/alerts";
import { replayWords } from "../words/replay";
import { useWords } from "../words/words";
import type { Measurement } from "./types";

const SOURCES = {
  height: "source_height",
  pitch: "source_pitch",
  roll: "source_roll",
  yaw: "source_yaw",
  focal_length: "source_focal_length",
  camera_east: "source_camera_east",
  camera_north: "source_camera_north",
} as const;

/** What two picked points are apart, and how that is known. */
export function Measured({ found }: { found: Measurement }) {
  const say = useWords(replayWords);
  const name = useWords(alertWords);
  const both = (one: { value: number; sigma: number }, digits: number): string => `${one.value.toFixed(digits)} ± ${one.sigma.toFixed(digits)}`;
  return (
    <div className="measured">
      <p className="big" role="status">
        {say("measured", { m: found.separation_m.toFixed(1), low: found.interval_95_m[0].toFixed(1), high: found.interval_95_m[1].toFixed(1) })}
      </p>
      <details>
        <summary>{say("chain")}</summary>
        <p>{say("camera", { height: both(found.camera_height_m, 1), pitch: both(found.camera_pitch_deg, 2), focal: both(found.focal_px, 0) })}</p>
        <ul>
          {found.effects.map((one) => (
            <li key={one.source}>
              {say("effect", { source: one.source in SOURCES ? name(SOURCES[one.source as keyof typeof SOURCES]) : one.source, sigma: one.sigma_m.toFixed(2) })}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
