import type { components } from "../api/schema";
import { useFetched } from "../api/useFetched";
import { settingsWords } from "../words/settings";
import { shellWords } from "../words/shell";
import { useWords } from "../words/words";

type Model = components["schemas"]["ModelView"];

/** The models in use, each with the card it was shipped with. */
export function Models() {
  const say = useWords(settingsWords);
  const tell = useWords(shellWords);
  const { value, error } = useFetched<readonly Model[]>("/v1/models");
  return (
    <>
      {error !== null && <p role="alert">{tell("failed", { detail: error.message })}</p>}
      {value?.length === 0 && <p className="quiet">{say("noModels")}</p>}
      {value?.map((model) => (
        <section className="card" key={`${model.service}:${model.id}`}>
          <h2 translate="no">{model.id}</h2>
          <p className="quiet">
            {say("service")}: <span translate="no">{model.service}</span> · {say("runtime")}: <span translate="no">{model.runtime}</span> · {say("device")}:{" "}
            <span translate="no">{model.device}</span>
          </p>
          <p>
            {say("hash")} <code>{model.sha256}</code>
          </p>
          {model.card === null ? (
            <p className="warn">{say(model.no_card === "other_weights" ? "cardOther" : model.no_card === "without" ? "cardWithout" : "cardNotHere")}</p>
          ) : (
            <details>
              <summary>{say("card")}</summary>
              <p className="quiet">{say("cardEnglish")}</p>
              <pre className="card-text" lang="en" tabIndex={0}>{model.card}</pre>
            </details>
          )}
        </section>
      ))}
    </>
  );
}
