import { useEffect, useState } from "react";
import { withKey } from "../alerts/reviewerKey";
import { send } from "../api/client";
import type { components } from "../api/schema";
import { settingsWords } from "../words/settings";
import { useWords } from "../words/words";

type Delivery = components["schemas"]["Delivery"];

/** What became of each delivery to a receiver, newest first; a dead one can be tried again. */
export function Deliveries({ receiver }: { receiver: string }) {
  const say = useWords(settingsWords);
  const [open, setOpen] = useState(false);
  const [dead, setDead] = useState(false);
  const [turn, setTurn] = useState(0);
  const [found, setFound] = useState<readonly Delivery[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    if (!open) return;
    const stop = new AbortController();
    send(`/v1/webhooks/${receiver}/deliveries${dead ? "?state=dead" : ""}`, { headers: withKey({}), signal: stop.signal })
      .then(async (answer) => setFound((await answer.json()) as Delivery[]))
      .catch((error: Error) => !stop.signal.aborted && setWrong(error.message));
    return () => stop.abort();
  }, [receiver, open, dead, turn]);
  const retry = (id: number): void => {
    send(`/v1/webhooks/${receiver}/deliveries/${id}/retry`, { method: "POST", headers: withKey({}) }).then(
      () => setTurn((before) => before + 1),
      (error: Error) => setWrong(error.message),
    );
  };
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("deliveries")}</summary>
      <label>
        <input type="checkbox" checked={dead} onChange={(event) => setDead(event.target.checked)} /> {say("deadOnly")}
      </label>
      {wrong !== null && <p role="alert">{wrong}</p>}
      {found?.length === 0 && <p className="quiet">{say("noDeliveries")}</p>}
      {found !== null && found.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{say("change")}</th>
              <th scope="col">{say("state")}</th>
              <th scope="col" className="number">{say("tries")}</th>
              <th scope="col">{say("answer")}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((one) => (
              <tr key={one.id}>
                <td>{one.change}</td>
                <td>
                  {say(one.state)}{" "}
                  {one.state === "dead" && <button type="button" onClick={() => retry(one.id)}>{say("retry")}</button>}
                </td>
                <td className="number">{one.tries}</td>
                <td>{one.answer}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
