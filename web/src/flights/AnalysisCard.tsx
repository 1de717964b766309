import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { at, send, sendJson, wordsOf } from "../api/client";
import type { components } from "../api/schema";
import { timeLeft } from "../upload/amounts";
import { flightWords } from "../words/flights";
import { bothTimes } from "../words/time";
import { uploadWords } from "../words/upload";
import { useLanguage, useWords } from "../words/words";
import { clock } from "./look";

export type Analysis = components["schemas"]["AnalysisView"];

export const isGoing = ({ state }: Analysis): boolean => state === "queued" || state === "sensing" || state === "following";

/** One analysis as it stands: how far, what is wrong, what it left behind. */
export function AnalysisCard({ analysis, onChange, children }: { analysis: Analysis; onChange: () => void; children?: ReactNode }) {
  const say = useWords(uploadWords);
  const language = useLanguage();
  const [wrong, setWrong] = useState<string | null>(null);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { progress, state } = analysis;
  const going = isGoing(analysis);
  const did = (doing: Promise<unknown>): void => {
    setWrong(null);
    doing.then(onChange, (error: Error) => setWrong(error.message));
  };
  const act = (verb: "cancel" | "resume"): void => did(send(`/v1/analyses/${analysis.id}/${verb}`, { method: "POST" }));
  const fillGaps = (): void => did(sendJson(`/v1/analyses/${analysis.id}/fork`, { stage: "sense" }));
  return (
    <article className="card flight">
      <header>
        <strong translate="no">{analysis.video.name}</strong>{" "}
        <span className={`badge state-${state}`}>{say(state === "failed" ? "failedState" : state)}</span>{" "}
        <span className="quiet" title={say("gradeHint")}>
          {say("grade")} {analysis.telemetry_grade}
        </span>
        <p className="quiet">
          {analysis.telemetry?.name ?? say("noTelemetryShort")} · {analysis.settings.rules} · {bothTimes(analysis.created_at, zone, language)}
        </p>
        <Looked analysis={analysis} />
      </header>
      {children}
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
          {wordsOf(analysis.problem, language)}
        </p>
      )}
      {analysis.waiting != null && (
        <p role="status" className="warn">
          {say("waitsFor", { why: language === "ko" ? analysis.waiting.korean : analysis.waiting.reason })}
        </p>
      )}
      {analysis.not_looked_at.length > 0 && (
        <div className="warn">
          <p>{say("notLookedAt")}</p>
          <ul>
            {analysis.not_looked_at.map((one) => (
              <li key={one.start_s}>
                {`${clock(one.start_s)}–${clock(one.stop_s)}: ${language === "ko" ? one.korean : one.reason}`}
              </li>
            ))}
          </ul>
        </div>
      )}
      {wrong !== null && <p role="alert">{wrong}</p>}
      <p className="steps">
        {state === "done" && <Link href={`/replay/${analysis.id}`}>{say("replay")}</Link>}
        {analysis.results.includes("report.html") && (
          <a href={at(`/v1/analyses/${analysis.id}/results/report.html`)} target="_blank" rel="noreferrer">
            {say("report")}
          </a>
        )}
        {going && (
          <button type="button" onClick={() => act("cancel")}>
            {say("cancel")}
          </button>
        )}
        {state === "done" && (analysis.not_looked_at ?? []).length > 0 && (
          <button type="button" title={say("fillGapsHint")} onClick={fillGaps}>
            {say("fillGaps")}
          </button>
        )}
        {(state === "failed" || state === "cancelled") && (
          <button type="button" onClick={() => act("resume")}>
            {say("resumeAnalysis")}
          </button>
        )}
      </p>
      {analysis.results.length > 0 && (
        <details>
          <summary>{say("results")}</summary>
          <ul className="results" translate="no">
            {analysis.results.map((name) => (
              <li key={name}>
                <a href={at(`/v1/analyses/${analysis.id}/results/${name}`)} download>
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

/** Which stretches were looked at, where it was not all of the clip. */
function Looked({ analysis }: { analysis: Analysis }) {
  const say = useWords(flightWords);
  const spans = analysis.settings.spans ?? [];
  if (spans.length === 0) return null;
  const told = spans.map((one) => `${clock(one.start_s)}–${clock(one.stop_s)}`).join(", ");
  return <p className="warn">{say("onlySpans", { spans: told })}</p>;
}
