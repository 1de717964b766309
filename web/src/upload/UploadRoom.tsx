import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { uploadWords } from "../words/upload";
import { useWords } from "../words/words";
import { bytes } from "./amounts";
import { dropped, keyOf, sorted, type Card, type Recording } from "./card";
import { RecordingCard } from "./RecordingCard";
import "./upload.css";

const EMPTY: Card = { recordings: [], alone: [], leftOut: 0 };

/** The operator's room: drop a card, see what belongs together, and send it; what is sent becomes a flight. */
export default function UploadRoom() {
  const say = useWords(uploadWords);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [card, setCard] = useState<Card>(EMPTY);
  const [wrong, setWrong] = useState<string | null>(null);
  const [started, setStarted] = useState<ReadonlySet<string>>(new Set());
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
  useEffect(() => {
    if (files.length === 0) {
      setCard(EMPTY);
      return;
    }
    let here = true;
    sorted(files).then(
      (found) => {
        if (!here) return;
        setCard(found);
        setWrong(null);
      },
      (error: Error) => here && setWrong(error.message),
    );
    return () => {
      here = false;
    };
  }, [files]);
  const take = (more: readonly File[]): void => {
    // What was dropped before is looked at again with the new: a log may come after its video.
    setFiles((before) => {
      const known = new Set(before.map(keyOf));
      return [...before, ...more.filter((one) => !known.has(keyOf(one)))];
    });
  };
  const remove = (recording: Recording): void => {
    const gone = new Set(recording.parts.flatMap((part) => [part.video, part.telemetry]));
    setFiles((before) => before.filter((one) => !gone.has(one)));
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
            <input ref={folder} type="file" multiple onChange={pick} className="hidden" data-testid="folder" />
          </label>
        </p>
        <p className="quiet">{say("resume")}</p>
      </div>
      {wrong !== null && <p role="alert">{say("failed", { detail: wrong })}</p>}
      {card.recordings.length > 0 && (
        <section>
          <h2>{say("found")}</h2>
          <p className="steps">
            <button type="button" className="main" onClick={() => setStarted(new Set(card.recordings.map((one) => one.key)))}>
              {say("startAll")}
            </button>
            <Link href="/flights">{say("seeFlights")}</Link>
          </p>
          {card.recordings.map((recording) => (
            <RecordingCard
              key={recording.key}
              recording={recording}
              started={started.has(recording.key)}
              onStart={() => setStarted((before) => new Set(before).add(recording.key))}
              onRemove={() => remove(recording)}
              onBusy={(change) => setBusy((before) => before + change)}
            />
          ))}
        </section>
      )}
      {files.length > 0 && card.recordings.length === 0 && card !== EMPTY && <p role="alert">{say("noVideo")}</p>}
      {card.alone.length > 0 && (
        <section className="card">
          <h2>{say("alone")}</h2>
          <p className="quiet">{say("aloneHint")}</p>
          <ul>
            {card.alone.map((file) => (
              <li key={file.name}>
                {file.name} ({bytes(file.size)})
              </li>
            ))}
          </ul>
        </section>
      )}
      {card.leftOut > 0 && <p className="quiet">{say("leftOut", { n: card.leftOut })}</p>}
    </div>
  );
}
