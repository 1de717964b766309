import { useState } from "react";
import { sendJson } from "../api/client";
import { sending } from "../upload/sending";
import { flightWords } from "../words/flights";
import { useWords } from "../words/words";
import { clock } from "./look";
import type { Flight } from "./FlightPage";

type Part = Flight["parts"][number];

/** The files of a flight with their telemetry; what is missing is named with what it would give, and can be added. */
export function Telemetry({ flight, onChange }: { flight: Flight; onChange: () => void }) {
  return (
    <section className="card parts">
      {flight.parts.map((part) => (
        <OnePart key={part.position} flightId={flight.id} part={part} onChange={onChange} />
      ))}
    </section>
  );
}

function OnePart({ flightId, part, onChange }: { flightId: string; part: Part; onChange: () => void }) {
  const say = useWords(flightWords);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const add = async (file: File): Promise<void> => {
    setBusy(true);
    setWrong(null);
    try {
      const telemetry = await sending(file, () => undefined, () => undefined).result;
      await sendJson(`/v1/flights/${flightId}/parts/${part.position}/telemetry`, { telemetry }, "PUT");
      onChange();
    } catch (error) {
      setWrong((error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="part">
      <p>
        <strong translate="no">{part.video.name}</strong>{" "}
        <span className="quiet">{say("starts", { time: clock(part.starts_s), length: clock(part.duration_s) })}</span>
        {part.telemetry !== null && <span className="quiet"> · {say("withTelemetry", { name: part.telemetry.name })}</span>}
      </p>
      {part.telemetry === null && <p className="warn">{say("missing", { part: part.video.name })}</p>}
      <label className={part.telemetry === null ? "button" : "button plain"}>
        {busy ? say("adding") : say(part.telemetry === null ? "addTelemetry" : "otherTelemetry")}
        <input
          type="file" className="hidden" disabled={busy} data-testid={`telemetry-${part.position}`}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file !== undefined) void add(file);
            event.target.value = "";
          }}
        />
      </label>
      {wrong !== null && <p role="alert">{say("failed", { detail: wrong })}</p>}
    </div>
  );
}
