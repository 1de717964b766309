import { useState, type ReactNode } from "react";
import { sendJson } from "../api/client";
import { useFetched } from "../api/useFetched";
import { flightWords } from "../words/flights";
import { useWords } from "../words/words";
import { clock, joined, LEVELS, sharperThan, type Moment, type Span } from "./look";
import { Legend, Strip } from "./Strip";

type Props = {
  id: string;
  moments: readonly Moment[];
  length_s: number;
  at_s: number;
  onAt: (t_s: number) => void;
  onAsked: () => void;
  children: ReactNode;
};

const NEW_SPAN_S = 60;

/** The strip, what of it is to be analysed, and the button that starts it. */
export function Choose({ id, moments, length_s, at_s, onAt, onAsked, children }: Props) {
  const say = useWords(flightWords);
  const packs = useFetched<readonly string[]>("/v1/rules");
  const [rules, setRules] = useState("kr");
  const [some, setSome] = useState(false);
  const [chosen, setChosen] = useState<readonly Span[]>([]);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const take = (spans: readonly Span[]): void => {
    setSome(true);
    setChosen(joined(spans));
    setWrong(spans.length === 0 ? say("nothingSharp") : null);
  };
  const start = (): void => {
    if (some && chosen.length === 0) {
      setWrong(say("noSpan"));
      return;
    }
    setBusy(true);
    setWrong(null);
    sendJson(`/v1/flights/${id}/analyses`, { settings: { rules }, spans: some ? chosen : [] })
      .then(onAsked, (error: Error) => setWrong(say("failed", { detail: error.message })))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Strip moments={moments} length_s={length_s} chosen={some ? chosen : []} at_s={at_s} onAt={onAt} onChoose={(span) => take([...chosen, span])} />
      {children}
      <Legend />
      <fieldset className="choose">
        <legend>{say("what")}</legend>
        <label className="tick">
          <input type="radio" name="what" checked={!some} onChange={() => setSome(false)} />
          {say("all")} <span className="quiet">({clock(length_s)})</span>
        </label>
        <label className="tick">
          <input type="radio" name="what" checked={some} onChange={() => setSome(true)} />
          {say("chosen")}
        </label>
        {some && <Spans spans={chosen} length_s={length_s} at_s={at_s} moments={moments} onChange={take} />}
      </fieldset>
      <p className="steps">
        <label>
          {say("rules")}{" "}
          <select value={rules} onChange={(event) => setRules(event.target.value)}>
            {(packs.value ?? [rules]).map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <button type="button" className="main" disabled={busy} onClick={start}>
          {busy ? say("starting") : say("start")}
        </button>
      </p>
      {wrong !== null && <p role="alert">{wrong}</p>}
    </>
  );
}

type SpansProps = { spans: readonly Span[]; length_s: number; at_s: number; moments: readonly Moment[]; onChange: (spans: readonly Span[]) => void };

function Spans({ spans, length_s, at_s, moments, onChange }: SpansProps) {
  const say = useWords(flightWords);
  const total_s = spans.reduce((sum, one) => sum + one.stop_s - one.start_s, 0);
  const fresh: Span = { start_s: at_s, stop_s: Math.min(length_s, at_s + NEW_SPAN_S) };
  return (
    <div className="spans">
      <p className="quiet">{say("chooseHow")}</p>
      <p className="steps">
        {LEVELS.filter((one) => one.upTo_m !== Infinity).map((one) => (
          <button key={one.level} type="button" onClick={() => onChange(sharperThan(moments, one.upTo_m))}>
            {say("sharper", { m: one.upTo_m })}
          </button>
        ))}
        <button type="button" disabled={fresh.stop_s <= fresh.start_s} onClick={() => onChange([...spans, fresh])}>
          {say("addSpan")}
        </button>
      </p>
      {spans.length > 0 && <p role="status">{say("spans", { n: spans.length, length: clock(total_s) })}</p>}
      <ol className="span-list">
        {spans.map((one, index) => (
          <OneSpan
            key={`${one.start_s}:${one.stop_s}`}
            span={one}
            length_s={length_s}
            onChange={(now) => onChange([...spans.filter((_, other) => other !== index), ...(now === null ? [] : [now])])}
          />
        ))}
      </ol>
    </div>
  );
}

function OneSpan({ span, length_s, onChange }: { span: Span; length_s: number; onChange: (span: Span | null) => void }) {
  const say = useWords(flightWords);
  const [start, setStart] = useState(span.start_s.toFixed(1));
  const [stop, setStop] = useState(span.stop_s.toFixed(1));
  const done = (): void => {
    const now = { start_s: Math.max(0, Number(start)), stop_s: Math.min(length_s, Number(stop)) };
    if (now.stop_s > now.start_s && (now.start_s !== span.start_s || now.stop_s !== span.stop_s)) onChange(now);
  };
  return (
    <li>
      <label>
        {say("from")} <input type="number" min={0} max={length_s} step={0.1} value={start} onChange={(event) => setStart(event.target.value)} onBlur={done} />
      </label>
      <label>
        {say("until")} <input type="number" min={0} max={length_s} step={0.1} value={stop} onChange={(event) => setStop(event.target.value)} onBlur={done} />
      </label>
      <span className="quiet">
        {clock(span.start_s)}–{clock(span.stop_s)}
      </span>
      <button type="button" className="small" onClick={() => onChange(null)}>
        {say("removeSpan")}
      </button>
    </li>
  );
}
