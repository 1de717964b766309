import type { components } from "../api/schema";
import { useFetched } from "../api/useFetched";
import { bytes, timeLeft } from "../upload/amounts";
import { settingsWords } from "../words/settings";
import { shellWords } from "../words/shell";
import { uploadWords } from "../words/upload";
import { useWords } from "../words/words";

type Standing = components["schemas"]["StandingView"];
type Retention = components["schemas"]["RetentionView"];

const KINDS = ["originals", "analyses", "evidence"] as const;
const STATES = ["queued", "sensing", "following", "done", "failed", "cancelled"] as const;
const CLASSES = ["originals", "segments", "results", "rejected", "logs"] as const;

/** Jobs, space on the disk, what is kept how long, and what waits to be delivered. */
export function Storage() {
  const tell = useWords(shellWords);
  const standing = useFetched<Standing>("/v1/standing");
  const retention = useFetched<Retention>("/v1/retention");
  const wrong = standing.error ?? retention.error;
  return (
    <>
      {wrong !== null && <p role="alert">{tell("failed", { detail: wrong.message })}</p>}
      <div className="cards">
        {standing.value !== null && <Jobs standing={standing.value} />}
        {standing.value !== null && <Disk standing={standing.value} />}
        {standing.value !== null && <Waiting standing={standing.value} />}
        {retention.value !== null && <Kept retention={retention.value} />}
      </div>
    </>
  );
}

function Jobs({ standing }: { standing: Standing }) {
  const say = useWords(settingsWords);
  const told = useWords(uploadWords);
  return (
    <section className="card">
      <h2>{say("allJobs")}</h2>
      <Rows rows={STATES.map((state) => [told(state === "failed" ? "failedState" : state), String(standing.analyses[state] ?? 0)])} />
      <p className="quiet">
        {standing.queue_age_s > 0 && `${say("oldest", { age: timeLeft(standing.queue_age_s, told) })} `}
        {say("retried", { n: standing.segments_retried })}
      </p>
    </section>
  );
}

function Disk({ standing: { storage } }: { standing: Standing }) {
  const say = useWords(settingsWords);
  const used = storage.total_bytes - storage.free_bytes;
  return (
    <section className="card">
      <h2>{say("disk")}</h2>
      <progress max={storage.total_bytes} value={used} aria-label={say("disk")} />
      <p>{say("free", { free: bytes(storage.free_bytes), all: bytes(storage.total_bytes) })}</p>
      <Rows rows={KINDS.map((kind) => [say(`kept_${kind}`), bytes(storage.kept_bytes[kind] ?? 0)])} />
    </section>
  );
}

function Waiting({ standing }: { standing: Standing }) {
  const say = useWords(settingsWords);
  const count = (state: string): string => String(standing.deliveries[state] ?? 0);
  return (
    <section className="card">
      <h2>{say("deliveries")}</h2>
      <Rows rows={[[say("waiting"), count("waiting")], [say("delivered"), count("delivered")], [say("dead"), count("dead")], [say("stamps"), String(standing.stamps_waiting)]]} />
    </section>
  );
}

function Kept({ retention }: { retention: Retention }) {
  const say = useWords(settingsWords);
  const named = (kind: string): string => {
    const known = CLASSES.find((one) => one === kind);
    return known === undefined ? kind : say(`class_${known}`);
  };
  return (
    <section className="card">
      <h2>{say("retention")}</h2>
      <Rows rows={retention.rules.map((rule) => [named(rule.kind), rule.days === null ? say("forEver") : say("days", { n: rule.days })])} />
      <p className="quiet">{say("due", { files: retention.files, size: bytes(retention.size_bytes) })}</p>
    </section>
  );
}

function Rows({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return (
    <table>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="number">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
