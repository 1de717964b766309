import { useState } from "react";
import type { components } from "../api/schema";
import { at, sendJson } from "../api/client";
import { useFetched } from "../api/useFetched";
import { replayWords } from "../words/replay";
import { useWords } from "../words/words";
import { boxFrom } from "./boxFrom";
import type { Point } from "./draw";
import type { Shown } from "./moments";
import { KIND_NAMES, KINDS, type Kind, type Replay } from "./types";

type Correction = components["schemas"]["Correction"];
type Body = components["schemas"]["CorrectionAsked"]["body"];

export const ACTS = ["box", "missed", "nothing", "class", "clutter", "identity", "checked"] as const;
export type Act = (typeof ACTS)[number];
const NEEDS_TRACK: readonly Act[] = ["box", "nothing", "class", "clutter", "identity"];
const NEEDS_KIND: readonly Act[] = ["missed", "class"];
export const DRAWN: readonly Act[] = ["box", "missed"];

const NAMES = {
  box: "actBox", missed: "actMissed", nothing: "actNothing", class: "actClass", clutter: "actClutter", identity: "actIdentity", checked: "actChecked",
} as const;

type Props = {
  replay: Replay;
  shown: Shown | null;
  act: Act | null;
  onAct: (act: Act | null) => void;
  track: string | null;
  /** Points picked in the picture: both ends of the long side, then one of its sides. */
  points: readonly Point[];
  onDone: () => void;
};

/** What a person knows better than the analysis; kept beside it with who, when and why. */
export function Correct({ replay, shown, act, onAct, track, points, onDone }: Props) {
  const say = useWords(replayWords);
  const [named, setNamed] = useState<string | null>(null);
  const [kind, setKind] = useState<Kind>("dolphin");
  const [other, setOther] = useState("");
  const [why, setWhy] = useState("");
  const [told, setTold] = useState<Error | "kept" | null>(null);
  const list = useFetched<Correction[]>(`/v1/analyses/${replay.analysis_id}/corrections`);
  const chosen = named ?? track ?? replay.tracks[0]?.id ?? null;
  const body = act === null || shown === null || !shown.exact ? null : bodyOf(act, shown.pts, chosen, kind, other, points);
  const keep = (): void => {
    if (body === null) return;
    send({ body, why: why.trim() });
  };
  const send = (asked: { body: Body; why: string }): void => {
    sendJson<Correction>(`/v1/analyses/${replay.analysis_id}/corrections`, asked).then(
      () => {
        setTold("kept");
        onDone();
        list.again();
      },
      (error: Error) => setTold(error),
    );
  };
  return (
    <details className="card correct" onToggle={(event) => { if (!event.currentTarget.open) onAct(null); }}>
      <summary>{say("correct")}</summary>
      <p className="quiet">{say("correctNote")}</p>
      <div className="controls">
        <label className="choice">
          {say("act")}
          <select value={act ?? ""} onChange={(event) => onAct(event.target.value === "" ? null : (event.target.value as Act))}>
            <option value="">{say("actNone")}</option>
            {ACTS.map((one) => (
              <option key={one} value={one}>
                {say(NAMES[one])}
              </option>
            ))}
          </select>
        </label>
        {act !== null && NEEDS_TRACK.includes(act) && (
          <label className="choice">
            {say("track")}
            <select value={chosen ?? ""} onChange={(event) => setNamed(event.target.value)}>
              {replay.tracks.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.id}
                </option>
              ))}
            </select>
          </label>
        )}
        {act !== null && NEEDS_KIND.includes(act) && (
          <label className="choice">
            {say("kind")}
            <select value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
              {KINDS.map((one) => (
                <option key={one} value={one}>
                  {say(KIND_NAMES[one])}
                </option>
              ))}
            </select>
          </label>
        )}
        {act === "identity" && (
          <label className="choice">
            {say("sameAs")}
            <input value={other} onChange={(event) => setOther(event.target.value)} />
          </label>
        )}
      </div>
      {act !== null && (
        <>
          {!shown?.exact && <p className="quiet">{say("needsAnalysed")}</p>}
          {DRAWN.includes(act) && <p className="quiet">{say("drawBox", { n: Math.min(3, points.length + 1) })}</p>}
          <label>
            {say("why")}
            <input value={why} onChange={(event) => setWhy(event.target.value)} maxLength={2000} />
          </label>
          <button type="button" className="main" disabled={body === null || why.trim() === ""} onClick={keep}>
            {say("keepCorrection")}
          </button>
        </>
      )}
      {told instanceof Error ? <p role="alert">{told.message}</p> : told === "kept" && <p role="status">{say("correctionKept")}</p>}
      <Kept list={list.value ?? []} onTakeBack={(correction, reason) => send({ body: { type: "taken_back", correction }, why: reason })} />
      {(list.value ?? []).length > 0 && (
        <a className="button" href={at(`/v1/analyses/${replay.analysis_id}/corrections/training-set`)} download>
          {say("trainingSet")}
        </a>
      )}
    </details>
  );
}

function Kept({ list, onTakeBack }: { list: readonly Correction[]; onTakeBack: (id: string, why: string) => void }) {
  const say = useWords(replayWords);
  const gone = new Set(list.flatMap((one) => (one.body.type === "taken_back" ? [one.body.correction] : [])));
  return (
    <ul className="kept">
      {list.filter((one) => one.body.type !== "taken_back").map((one) => (
        <li key={one.id} className={gone.has(one.id) ? "gone" : ""}>
          {one.body.type !== "taken_back" && say(NAMES[one.body.type])} {"track" in one.body && one.body.track} · {one.why} · {one.actor} ·{" "}
          {new Date(one.at).toISOString().slice(0, 16).replace("T", " ")} UTC{" "}
          {!gone.has(one.id) && (
            <button type="button" onClick={() => onTakeBack(one.id, say("takenBack"))}>
              {say("takeBack")}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function bodyOf(act: Act, pts: number, track: string | null, kind: Kind, other: string, points: readonly Point[]): Body | null {
  const box = boxFrom(points);
  if (act === "checked") return { type: "checked", pts };
  if (act === "missed") return box === null ? null : { type: "missed", pts, kind, box };
  if (track === null) return null;
  if (act === "box") return box === null ? null : { type: "box", pts, track, box };
  if (act === "class") return { type: "class", pts, track, kind };
  if (act === "identity") return other.trim() === "" ? null : { type: "identity", pts, track, same_as: other.trim() };
  return { type: act, pts, track };
}
