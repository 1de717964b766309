import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { sendJson } from "../api/client";
import type { components } from "../api/schema";
import { uploadWords } from "../words/upload";
import { useWords } from "../words/words";
import { bytes, timeLeft } from "./amounts";
import type { Recording } from "./card";
import { inTurn, sending, type Progress, type Sending } from "./sending";

type Made = components["schemas"]["FlightsMade"];
type Stage =
  | { at: "waiting" }
  | { at: "sending"; broken: boolean }
  | { at: "paused" }
  | { at: "asking" }
  | { at: "sent"; flights: readonly string[] }
  | { at: "failed"; detail: string };

type Props = {
  recording: Recording;
  started: boolean;
  onStart: () => void;
  onRemove: () => void;
  onBusy: (change: number) => void;
};

/** One recording on its way: telemetry first, for it is small, then the videos; then it is a flight. */
export function RecordingCard({ recording, started, onStart, onRemove, onBusy }: Props) {
  const say = useWords(uploadWords);
  const [stage, setStage] = useState<Stage>({ at: "waiting" });
  const size = recording.parts.reduce((sum, part) => sum + part.video.size, 0);
  const [progress, setProgress] = useState<Progress>({ done: 0, all: size });
  const pace = usePace(progress.done);
  const under = useRef<Sending | null>(null);
  const latest = useRef({ onBusy });
  latest.current = { onBusy };
  const begun = useRef(false);
  const name = recording.parts[0]?.video.name ?? "";

  const run = async (): Promise<void> => {
    latest.current.onBusy(1);
    setStage({ at: "sending", broken: false });
    const broken = (): void => setStage({ at: "sending", broken: true });
    try {
      const files: string[] = [];
      for (const { telemetry } of recording.parts) {
        if (telemetry !== null) files.push(await sending(telemetry, () => undefined, broken).result);
      }
      let before = 0;
      for (const { video } of recording.parts) {
        under.current = sending(
          video,
          (now) => {
            setProgress({ done: before + now.done, all: size });
            setStage((was) => (was.at === "sending" && was.broken ? { at: "sending", broken: false } : was));
          },
          broken,
        );
        files.push(await under.current.result);
        before += video.size;
      }
      under.current = null;
      setStage({ at: "asking" });
      const made = await sendJson<Made>("/v1/flights", { files });
      setStage({ at: "sent", flights: made.flights.map((one) => one.id) });
    } catch (error) {
      setStage({ at: "failed", detail: (error as Error).message });
    } finally {
      latest.current.onBusy(-1);
    }
  };

  useEffect(() => {
    if (!started || begun.current) return;
    begun.current = true;
    void inTurn(run);
  });

  const left_s = pace > 0 ? (progress.all - progress.done) / pace : null;
  return (
    <article className="card flight">
      <header>
        {recording.parts.length > 1 && <p className="quiet">{say("splitRecording", { n: recording.parts.length })}</p>}
        {recording.parts.map(({ video, telemetry }) => (
          <div key={video.name}>
            <strong>{video.name}</strong> <span className="quiet">({bytes(video.size)})</span>
            <p className={telemetry === null ? "warn" : "quiet"}>
              {telemetry === null ? say("noTelemetry") : say("withTelemetry", { name: telemetry.name })}
            </p>
          </div>
        ))}
      </header>
      {stage.at !== "waiting" && <progress max={progress.all} value={progress.done} aria-label={say("progress", { name })} />}
      <p role="status">
        {stage.at === "waiting" && say("waiting")}
        {stage.at === "sending" &&
          say("sending", { done: bytes(progress.done), all: bytes(progress.all), speed: bytes(Math.round(pace)), left: left_s === null ? "…" : timeLeft(left_s, say) })}
        {stage.at === "sending" && stage.broken && <strong className="warn"> {say("retrying")}</strong>}
        {stage.at === "paused" && say("paused", { done: bytes(progress.done), all: bytes(progress.all) })}
        {stage.at === "asking" && say("asking")}
        {stage.at === "sent" && say("sent")}
      </p>
      {stage.at === "failed" && <p role="alert">{say("failed", { detail: stage.detail })}</p>}
      <p className="steps">
        {stage.at === "waiting" && (
          <button type="button" className="main" onClick={onStart}>
            {say("start")}
          </button>
        )}
        {stage.at === "sending" && (
          <button
            type="button"
            onClick={() => {
              under.current?.pause();
              setStage({ at: "paused" });
            }}
          >
            {say("pause")}
          </button>
        )}
        {stage.at === "paused" && (
          <button
            type="button"
            onClick={() => {
              under.current?.goOn();
              setStage({ at: "sending", broken: false });
            }}
          >
            {say("goOn")}
          </button>
        )}
        {stage.at === "failed" && (
          <button type="button" onClick={() => void inTurn(run)}>
            {say("goOn")}
          </button>
        )}
        {(stage.at === "waiting" || stage.at === "failed" || stage.at === "sent") && (
          <button type="button" onClick={onRemove}>
            {say("remove")}
          </button>
        )}
      </p>
      {stage.at === "sent" && (
        <ul className="next">
          {stage.flights.map((id, index) => (
            <li key={id}>
              <Link className="button main" href={`/flights/${id}`}>{say("seeFlight", { name: recording.parts[index]?.video.name ?? name })}</Link>
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

const PACE_S = 10;

/** Bytes a second over the last ten seconds. */
function usePace(done: number): number {
  const seen = useRef<{ at_s: number; done: number }[]>([]);
  const now_s = performance.now() / 1000;
  const kept = seen.current.filter((one) => now_s - one.at_s < PACE_S);
  if (kept.length === 0 || kept[kept.length - 1]?.done !== done) kept.push({ at_s: now_s, done });
  seen.current = kept;
  const first = kept[0];
  return first === undefined || now_s - first.at_s < 0.2 ? 0 : Math.max(0, done - first.done) / (now_s - first.at_s);
}
