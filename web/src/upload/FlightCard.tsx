import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { sendJson } from "../api/client";
import { uploadWords } from "../words/upload";
import { useWords } from "../words/words";
import { bytes, timeLeft } from "./amounts";
import type { Pair } from "./pairing";
import { inTurn, sending, type Progress, type Sending } from "./sending";

type Analysis = { id: string; telemetry_grade: string };
type Stage =
  | { at: "waiting" }
  | { at: "sending"; broken: boolean }
  | { at: "paused" }
  | { at: "asking" }
  | { at: "asked"; analysis: Analysis }
  | { at: "failed"; detail: string };

type Props = {
  pair: Pair;
  rules: string;
  started: boolean;
  onStart: () => void;
  onRemove: () => void;
  onBusy: (change: number) => void;
};

/** One flight on its way: telemetry first, for it is small, then the video, then the question. */
export function FlightCard({ pair, rules, started, onStart, onRemove, onBusy }: Props) {
  const say = useWords(uploadWords);
  const [stage, setStage] = useState<Stage>({ at: "waiting" });
  const [progress, setProgress] = useState<Progress>({ done: 0, all: pair.video.size });
  const pace = usePace(progress.done);
  const under = useRef<Sending | null>(null);
  const latest = useRef({ rules, onBusy });
  latest.current = { rules, onBusy };
  const begun = useRef(false);

  const run = async (): Promise<void> => {
    latest.current.onBusy(1);
    setStage({ at: "sending", broken: false });
    const broken = (): void => setStage({ at: "sending", broken: true });
    try {
      let telemetry: string | null = null;
      if (pair.telemetry !== null) telemetry = await sending(pair.telemetry, () => undefined, broken).result;
      under.current = sending(
        pair.video,
        (now) => {
          setProgress(now);
          setStage((before) => (before.at === "sending" && before.broken ? { at: "sending", broken: false } : before));
        },
        broken,
      );
      const video = await under.current.result;
      under.current = null;
      setStage({ at: "asking" });
      const asked = { video, telemetry, settings: { rules: latest.current.rules } };
      setStage({ at: "asked", analysis: await sendJson<Analysis>("/v1/analyses", asked) });
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
        <strong>{pair.video.name}</strong> <span className="quiet">({bytes(pair.video.size)})</span>
        {pair.continues !== null && <p className="quiet">{say("continues", { name: pair.continues })}</p>}
        <p className={pair.telemetry === null ? "warn" : "quiet"}>
          {pair.telemetry === null ? say("noTelemetry") : say("withTelemetry", { name: pair.telemetry.name })}
        </p>
      </header>
      {stage.at !== "waiting" && <progress max={progress.all} value={progress.done} aria-label={say("progress", { name: pair.video.name })} />}
      <p role="status">
        {stage.at === "waiting" && say("waiting")}
        {stage.at === "sending" &&
          say("sending", { done: bytes(progress.done), all: bytes(progress.all), speed: bytes(Math.round(pace)), left: left_s === null ? "…" : timeLeft(left_s, say) })}
        {stage.at === "sending" && stage.broken && <strong className="warn"> {say("retrying")}</strong>}
        {stage.at === "paused" && say("paused", { done: bytes(progress.done), all: bytes(progress.all) })}
        {stage.at === "asking" && say("asking")}
        {stage.at === "asked" && (
          <>
            {say("asked", { grade: stage.analysis.telemetry_grade })} · <Link href="/flights">{say("seeFlights")}</Link>
          </>
        )}
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
        {(stage.at === "waiting" || stage.at === "failed" || stage.at === "asked") && (
          <button type="button" onClick={onRemove}>
            {say("remove")}
          </button>
        )}
      </p>
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
