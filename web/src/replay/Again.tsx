import { useState } from "react";
import { Link } from "wouter";
import type { components } from "../api/schema";
import { sendJson } from "../api/client";
import { useFetched } from "../api/useFetched";
import { replayWords } from "../words/replay";
import { useWords } from "../words/words";

type Analysis = components["schemas"]["AnalysisView"];
type List = components["schemas"]["AnalysisList"];
type Gate = Analysis["settings"]["clear"]["gate"];

/** Analyse the same recording with other settings or another rule pack, and compare with what there is. */
export function Again({ analysisId }: { analysisId: string }) {
  const say = useWords(replayWords);
  const { value: now } = useFetched<Analysis>(`/v1/analyses/${analysisId}`);
  const list = useFetched<List>("/v1/analyses?limit=200");
  const packs = useFetched<string[]>("/v1/rules");
  const others = (list.value?.analyses ?? []).filter((one) => one.id !== analysisId && one.video.sha256 === now?.video.sha256);
  return (
    <details className="card again">
      <summary>{say("again")}</summary>
      {now !== null && <Asking key={now.id} now={now} packs={packs.value ?? []} onAsked={list.again} />}
      <h2>{say("others")}</h2>
      {others.length === 0 && <p className="quiet">{say("noOthers")}</p>}
      <ul>
        {others.map((one) => (
          <li key={one.id}>
            {say("otherAnalysis", { fps: one.settings.sample_fps, rules: one.settings.rules, made: one.created_at.slice(0, 16).replace("T", " ") })}{" "}
            {one.state === "done" ? (
              <>
                <Link href={`/replay/${one.id}`}>{say("open")}</Link> · <Link href={`/replay/${analysisId}/compare/${one.id}`}>{say("compareWith")}</Link>
              </>
            ) : (
              <span className="quiet">{say("stillRunning", { done: one.progress.frames_done, total: one.progress.frames_total })}</span>
            )}
          </li>
        ))}
      </ul>
      {others.some((one) => one.state !== "done") && (
        <button type="button" onClick={list.again}>
          {say("lookAgain")}
        </button>
      )}
    </details>
  );
}

function Asking({ now, packs, onAsked }: { now: Analysis; packs: readonly string[]; onAsked: () => void }) {
  const say = useWords(replayWords);
  const [fps, setFps] = useState(now.settings.sample_fps);
  const [rules, setRules] = useState(now.settings.rules);
  const [gate, setGate] = useState<Gate>(now.settings.clear.gate);
  const [confidence, setConfidence] = useState(now.settings.detect.confidence ?? 0.15);
  const [told, setTold] = useState<Analysis | Error | null>(null);
  const ask = (): void => {
    const settings = {
      ...now.settings,
      sample_fps: fps,
      rules,
      clear: { ...now.settings.clear, gate },
      detect: { ...now.settings.detect, confidence },
    };
    const asked = { video: now.video.sha256, telemetry: now.telemetry?.sha256 ?? null, settings };
    sendJson<Analysis>("/v1/analyses", asked).then(
      (made) => {
        setTold(made);
        onAsked();
      },
      (error: Error) => setTold(error),
    );
  };
  return (
    <form className="controls" onSubmit={(event) => { event.preventDefault(); ask(); }}>
      <label className="choice">
        {say("sampleFps")}
        <input type="number" min={0.5} max={60} step={0.5} value={fps} onChange={(event) => setFps(Number(event.target.value))} />
      </label>
      <label className="choice">
        {say("rulePack")}
        <select value={rules} onChange={(event) => setRules(event.target.value)}>
          {[...new Set([now.settings.rules, ...packs])].map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <label className="choice">
        {say("glintGate")}
        <select value={gate} onChange={(event) => setGate(event.target.value as Gate)}>
          <option value="auto">{say("gateAuto")}</option>
          <option value="always">{say("gateAlways")}</option>
          <option value="never">{say("gateNever")}</option>
        </select>
      </label>
      <label className="choice">
        {say("confidence")}
        <input type="number" min={0.01} max={0.95} step={0.01} value={confidence} onChange={(event) => setConfidence(Number(event.target.value))} />
      </label>
      <button type="submit" className="main">
        {say("runAgain")}
      </button>
      {told instanceof Error ? <p role="alert">{told.message}</p> : told !== null && (
        <p role="status">{told.id === now.id ? say("sameQuestion") : say("asked")}</p>
      )}
    </form>
  );
}
