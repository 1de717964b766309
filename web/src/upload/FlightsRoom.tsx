import { useEffect, useState } from "react";
import { Link } from "wouter";
import { getJson, send } from "../api/client";
import type { components } from "../api/schema";
import { shellWords } from "../words/shell";
import { bothTimes } from "../words/time";
import { uploadWords } from "../words/upload";
import { useLanguage, useWords } from "../words/words";
import { timeLeft } from "./amounts";
import "./upload.css";

type Analysis = components["schemas"]["AnalysisView"];
type Listed = components["schemas"]["AnalysisList"];

const LOOK_EVERY_MS = 2000;

/** What was brought and how far it is. */
export default function FlightsRoom() {
  const say = useWords(uploadWords);
  const tell = useWords(shellWords);
  const [listed, setListed] = useState<Listed | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const look = (): void => {
      getJson<Listed>("/v1/analyses?limit=100", stop.signal).then(
        (found) => {
          setListed(found);
          setWrong(null);
        },
        (error: Error) => {
          if (!stop.signal.aborted) setWrong(error.message);
        },
      );
    };
    look();
    const timer = setInterval(() => document.visibilityState === "visible" && look(), LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [turn]);
  const act = (analysis: Analysis, verb: "cancel" | "resume"): void => {
    send(`/v1/analyses/${analysis.id}/${verb}`, { method: "POST" }).then(
      () => setTurn((before) => before + 1),
      (error: Error) => setWrong(error.message),
    );
  };
  return (
    <>
      <h1>{say("flightsTitle")}</h1>
      {wrong !== null && <p role="alert">{tell("failed", { detail: wrong })}</p>}
      {listed?.analyses.length === 0 && (
        <p className="quiet">
          {say("noFlights")} <Link href="/upload">{tell("upload")}</Link>
        </p>
      )}
      <div className="flights">
        {listed?.analyses.map((one) => (
          <Card key={one.id} analysis={one} onAct={act} />
        ))}
      </div>
    </>
  );
}

function Card({ analysis, onAct }: { analysis: Analysis; onAct: (analysis: Analysis, verb: "cancel" | "resume") => void }) {
  const say = useWords(uploadWords);
  const language = useLanguage();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { progress, state } = analysis;
  const going = state === "queued" || state === "sensing" || state === "following";
  return (
    <article className="card flight">
      <header>
        <strong>{analysis.video.name}</strong>{" "}
        <span className={`badge state-${state}`}>{say(state === "failed" ? "failedState" : state)}</span>{" "}
        <span className="quiet" title={say("gradeHint")}>
          {say("grade")} {analysis.telemetry_grade}
        </span>
        <p className="quiet">
          {analysis.telemetry?.name ?? say("noTelemetry")} · {analysis.settings.rules} · {bothTimes(analysis.created_at, zone, language)}
        </p>
      </header>
      {going && (
        <>
          <progress max={Math.max(1, progress.frames_total)} value={progress.frames_done} aria-label={analysis.video.name} />
          <p role="status">
            {say("frames", { done: progress.frames_done, all: progress.frames_total })}
            {progress.seconds_left != null && ` · ${say("timeLeft", { left: timeLeft(progress.seconds_left, say) })}`}
          </p>
        </>
      )}
      {analysis.problem != null && (
        <p role="alert">
          {[analysis.problem.where, analysis.problem.detail, analysis.problem.remedy].filter(Boolean).join(" · ")}
        </p>
      )}
      <p className="steps">
        {state === "done" && <Link href={`/replay/${analysis.id}`}>{say("replay")}</Link>}
        {analysis.results.includes("report.html") && (
          <a href={`/v1/analyses/${analysis.id}/results/report.html`} target="_blank" rel="noreferrer">
            {say("report")}
          </a>
        )}
        {going && (
          <button type="button" onClick={() => onAct(analysis, "cancel")}>
            {say("cancel")}
          </button>
        )}
        {(state === "failed" || state === "cancelled") && (
          <button type="button" onClick={() => onAct(analysis, "resume")}>
            {say("resumeAnalysis")}
          </button>
        )}
      </p>
      {analysis.results.length > 0 && (
        <details>
          <summary>{say("results")}</summary>
          <ul className="results">
            {analysis.results.map((name) => (
              <li key={name}>
                <a href={`/v1/analyses/${analysis.id}/results/${name}`} download>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </details>
      )}
    </article>
  );
}
