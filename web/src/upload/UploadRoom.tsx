import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { useFetched } from "../api/useFetched";
import { uploadWords } from "../words/upload";
import { useWords } from "../words/words";
import { bytes } from "./amounts";
import { FlightCard } from "./FlightCard";
import { dropped, paired, type Pair } from "./pairing";
import "./upload.css";

/** The operator's room: drop a card, see what belongs together, send it, and have it analysed. */
export default function UploadRoom() {
  const say = useWords(uploadWords);
  const [pairs, setPairs] = useState<readonly Pair[]>([]);
  const [alone, setAlone] = useState<readonly File[]>([]);
  const [started, setStarted] = useState<ReadonlySet<string>>(new Set());
  const [rules, setRules] = useState("kr");
  const packs = useFetched<readonly string[]>("/v1/rules");
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(0);
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => folder.current?.setAttribute("webkitdirectory", ""), []);
  useEffect(() => {
    if (busy === 0) return;
    const leaving = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", leaving);
    return () => window.removeEventListener("beforeunload", leaving);
  }, [busy]);
  const take = (files: readonly File[]): void => {
    // What was dropped before is looked at again with the new: a log may come after its video.
    const before = [...pairs.flatMap((one) => (one.telemetry === null ? [one.video] : [one.video, one.telemetry])), ...alone];
    const known = new Set(before.map((one) => `${one.name}:${one.size}`));
    const found = paired([...before, ...files.filter((one) => !known.has(`${one.name}:${one.size}`))]);
    setPairs(found.pairs);
    setAlone(found.alone);
  };
  const pick = (event: React.ChangeEvent<HTMLInputElement>): void => {
    take([...(event.target.files ?? [])]);
    event.target.value = "";
  };
  return (
    <div className="upload">
      <h1>{say("title")}</h1>
      <div
        className={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void dropped(event.dataTransfer).then(take);
        }}
      >
        <p>{say("drop")}</p>
        <p className="steps">
          <label className="button">
            {say("pickFiles")}
            <input type="file" multiple onChange={pick} className="hidden" data-testid="files" />
          </label>
          <label className="button">
            {say("pickFolder")}
            <input ref={folder} type="file" multiple onChange={pick} className="hidden" />
          </label>
        </p>
        <p className="quiet">{say("resume")}</p>
      </div>
      {pairs.length > 0 && (
        <section>
          <h2>{say("found")}</h2>
          <p className="steps">
            <label>
              {say("rules")}{" "}
              <select value={rules} onChange={(event) => setRules(event.target.value)}>
                {(packs.value ?? [rules]).map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            </label>
            <button type="button" className="main" onClick={() => setStarted(new Set(pairs.map((one) => one.key)))}>
              {say("startAll")}
            </button>
            <Link href="/flights">{say("seeFlights")}</Link>
          </p>
          {pairs.map((pair) => (
            <FlightCard
              key={pair.key}
              pair={pair}
              rules={rules}
              started={started.has(pair.key)}
              onStart={() => setStarted((before) => new Set(before).add(pair.key))}
              onRemove={() => setPairs((before) => before.filter((one) => one.key !== pair.key))}
              onBusy={(change) => setBusy((before) => before + change)}
            />
          ))}
        </section>
      )}
      {alone.length > 0 && (
        <section className="card">
          <h2>{say("alone")}</h2>
          <ul>
            {alone.map((file) => (
              <li key={file.name}>
                {file.name} ({bytes(file.size)})
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
