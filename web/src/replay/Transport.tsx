import { replayWords } from "../words/replay";
import { useWords } from "../words/words";
import type { Replay } from "./types";
import type { Player } from "./usePlayer";

export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4] as const;
export const ZOOMS = [1, 1.5, 2, 4, 8, 16] as const;

type Props = {
  replay: Replay;
  player: Player;
  speed: number;
  onSpeed: (speed: number) => void;
  zoom: number;
  onZoom: (zoom: number) => void;
  followed: string | null;
  onFollow: (track: string) => void;
  looping: boolean;
  onLoop: (on: boolean) => void;
  copied: boolean;
  onCopy: () => void;
};

/** Play, step, speed, magnification, following, looping, and the address of the moment. */
export function Transport({ replay, player, speed, onSpeed, zoom, onZoom, followed, onFollow, looping, onLoop, copied, onCopy }: Props) {
  const say = useWords(replayWords);
  return (
    <div className="controls">
      <button type="button" onClick={() => player.step(-1)} aria-label={say("back")} title={say("back")}>
        ◀|
      </button>
      <button type="button" className="main" onClick={player.toggle}>
        {player.playing ? say("pause") : say("play")}
      </button>
      <button type="button" onClick={() => player.step(1)} aria-label={say("forward")} title={say("forward")}>
        |▶
      </button>
      <Choice label={say("speed")} values={SPEEDS} value={speed} onChange={onSpeed} />
      <Choice label={say("zoom")} values={ZOOMS} value={zoom} onChange={onZoom} />
      <label className="choice">
        <select value={followed ?? ""} onChange={(event) => onFollow(event.target.value)} aria-label={say("follow", { track: "" })}>
          <option value="">{say("followNone")}</option>
          {replay.tracks
            .filter((one) => one.state !== "rejected")
            .map((one) => (
              <option key={one.id} value={one.id}>
                {say("follow", { track: one.id })}
              </option>
            ))}
        </select>
      </label>
      <label className="tick">
        <input type="checkbox" checked={looping} onChange={(event) => onLoop(event.target.checked)} />
        {say("loop")}
      </label>
      <button type="button" onClick={onCopy}>
        {copied ? say("copied") : say("link")}
      </button>
    </div>
  );
}

type ChoiceProps = { label: string; values: readonly number[]; value: number; onChange: (value: number) => void };

function Choice({ label, values, value, onChange }: ChoiceProps) {
  return (
    <label className="choice">
      {label}
      <select value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {values.map((one) => (
          <option key={one} value={one}>
            {one}×
          </option>
        ))}
      </select>
    </label>
  );
}
