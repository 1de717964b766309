import { useEffect, useRef, useState } from "react";
import { send } from "../api/client";
import { useSession } from "../shell/who";
import { alertWords } from "../words/alerts";
import { useWords } from "../words/words";
import { isWriting } from "./AlertPage";
import type { Alert, Status } from "./alert";
import { keptKey, withKey } from "./reviewerKey";

const REASONS = [
  "no_animal", "no_vessel", "same_object_twice", "measured_wrongly", "animal_approached",
  "research_permit", "safety", "rule_does_not_apply", "duplicate", "other",
] as const;
type Reason = (typeof REASONS)[number];
const DECIDING: readonly string[] = ["reviewer", "regulator"];
type Decision = "confirm" | "reject" | "reopen";
type Bag = { name: string; seal: string; bag: string };

/** Confirm, reject, reopen; and the file an officer can hand in. */
export function Decide({ alert, onDone }: { alert: Alert; onDone: () => void }) {
  const say = useWords(alertWords);
  const told = alert.properties;
  const session = useSession();
  const [reason, setReason] = useState<Reason>("no_animal");
  const [comment, setComment] = useState("");
  const [said, setSaid] = useState<{ text: string; wrong: boolean } | null>(null);
  const [busy, setBusy] = useState(false);
  const act = (decision: Decision): void => {
    setBusy(true);
    const body = { decision, version: told.version, comment, ...(decision === "reject" ? { reason } : {}) };
    decide(alert.id, body)
      .then((status) => {
        setSaid({ text: status === "candidate" && decision === "confirm" ? say("second") : say("decided", { status: say(status) }), wrong: false });
        setComment("");
        onDone();
      })
      .catch((error: Error) => setSaid({ text: error.message, wrong: true }))
      .finally(() => setBusy(false));
  };
  const may = session === null || session.roles.some((role) => DECIDING.includes(role));
  useKeys(act, busy || !may);
  const open = told.status === "candidate" && may;
  return (
    <section className="card decide" aria-labelledby="decide">
      <h2 id="decide">{say("decide")}</h2>
      {told.review_is_outdated && <p className="warn">{say("outdated")}</p>}
      <label>
        {say("comment")}
        <textarea rows={2} value={comment} maxLength={4000} onChange={(event) => setComment(event.target.value)} />
      </label>
      <label className="choice">
        {say("why")}
        <select value={reason} onChange={(event) => setReason(event.target.value as Reason)}>
          {REASONS.map((one) => (
            <option key={one} value={one}>
              {say(one)}
            </option>
          ))}
        </select>
      </label>
      {!may && <p className="warn">{say("notDeciding")}</p>}
      <p className="steps">
        <button type="button" className="main" disabled={busy || !open} onClick={() => act("confirm")}>
          {say("confirm")}
        </button>
        <button type="button" disabled={busy || !open} onClick={() => act("reject")}>
          {say("reject")}
        </button>
        {told.status !== "candidate" && may && (
          <button type="button" disabled={busy} onClick={() => act("reopen")}>
            {say("reopen")}
          </button>
        )}
      </p>
      {said !== null && <p role={said.wrong ? "alert" : "status"}>{said.text}</p>}
      <BagButtons id={alert.id} />
      {session === null && <Key />}
      <p className="quiet keys">{say("keys")}</p>
    </section>
  );
}

async function decide(id: string, body: object): Promise<Status> {
  const answer = await send(`/v1/alerts/${id}/reviews`, {
    method: "POST",
    headers: withKey({ "Content-Type": "application/json" }),
    body: JSON.stringify(body),
  });
  return ((await answer.json()) as { status: Status }).status;
}

function BagButtons({ id }: { id: string }) {
  const say = useWords(alertWords);
  const [bag, setBag] = useState<Bag | null>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const make = (): void => {
    setBusy(true);
    setWrong(null);
    send(`/v1/alerts/${id}/evidence`, { method: "POST", headers: withKey({}) })
      .then(async (answer) => setBag((await answer.json()) as Bag))
      .catch((error: Error) => setWrong(error.message))
      .finally(() => setBusy(false));
  };
  const fetchBag = (name: string): void => {
    send(`/v1/evidence/${name}/bag.zip`, { headers: withKey({}) })
      .then(async (answer) => save(await answer.blob(), `${name}.zip`))
      .catch((error: Error) => setWrong(error.message));
  };
  return (
    <div className="bag">
      {bag === null ? (
        <button type="button" disabled={busy} onClick={make}>
          {busy ? say("bagMaking") : say("bag")}
        </button>
      ) : (
        <>
          <button type="button" onClick={() => fetchBag(bag.name)}>
            {say("bagFetch")}
          </button>
          <p className="quiet seal">
            {say("seal")}: <code>{bag.seal}</code>
          </p>
        </>
      )}
      {wrong !== null && <p role="alert">{wrong}</p>}
    </div>
  );
}

function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function Key() {
  const say = useWords(alertWords);
  const [key, setKey] = useState(keptKey.get);
  return (
    <details>
      <summary>{say("key")}</summary>
      <label>
        {say("keyHint")}
        <input
          type="password"
          autoComplete="off"
          value={key}
          onChange={(event) => {
            setKey(event.target.value);
            keptKey.set(event.target.value);
          }}
        />
      </label>
    </details>
  );
}

function useKeys(act: (decision: Decision) => void, busy: boolean): void {
  const latest = useRef({ act, busy });
  latest.current = { act, busy };
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (isWriting(event) || latest.current.busy) return;
      if (event.key === "c") latest.current.act("confirm");
      if (event.key === "r") latest.current.act("reject");
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}
