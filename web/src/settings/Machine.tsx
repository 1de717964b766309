import { Link } from "wouter";
import type { components } from "../api/schema";
import { useFetched } from "../api/useFetched";
import { settingsWords } from "../words/settings";
import { shellWords } from "../words/shell";
import { uploadWords } from "../words/upload";
import { useWords } from "../words/words";

type Ready = components["schemas"]["Ready"];
type Listed = components["schemas"]["AnalysisList"];

/** Whether the gateway and its services are ready, the models they hold, and how its jobs stand. */
export function Machine() {
  const say = useWords(settingsWords);
  const tell = useWords(shellWords);
  const ready = useFetched<Ready>("/readyz");
  const jobs = useFetched<Listed>("/v1/analyses?limit=100");
  const wrong = ready.error ?? jobs.error;
  return (
    <>
      {wrong !== null && <p role="alert">{tell("failed", { detail: wrong.message })}</p>}
      {ready.value !== null && <p role="status">{say("ready", { version: ready.value.version })}</p>}
      <div className="cards">
        {ready.value?.services?.map((one) => (
          <section className="card" key={one.service}>
            <h2 translate="no">{one.service}</h2>
            <p className="quiet">
              {say("version")} {one.version} · {say("device")} <span translate="no">{one.device}</span>
            </p>
            {(one.models ?? []).length === 0 && <p className="quiet">{say("noModels")}</p>}
            {(one.models ?? []).map((model) => (
              <p key={model.id}>
                <strong translate="no">{model.id}</strong> · {say("runtime")} <span translate="no">{model.runtime}</span>
                <br />
                <code>{model.sha256}</code>
              </p>
            ))}
          </section>
        ))}
        {jobs.value !== null && <Jobs analyses={jobs.value.analyses} />}
      </div>
    </>
  );
}

function Jobs({ analyses }: { analyses: Listed["analyses"] }) {
  const say = useWords(settingsWords);
  const tell = useWords(uploadWords);
  const states = [...new Set(analyses.map((one) => one.state))].sort();
  return (
    <section className="card">
      <h2>{say("jobs", { count: analyses.length })}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{say("state")}</th>
            <th scope="col" className="number">{say("number")}</th>
          </tr>
        </thead>
        <tbody>
          {states.map((state) => (
            <tr key={state}>
              <td>{tell(state === "failed" ? "failedState" : state)}</td>
              <td className="number">{analyses.filter((one) => one.state === state).length}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <Link href="/flights">{say("jobsLink")}</Link>
      </p>
    </section>
  );
}
