import type { components } from "../api/schema";
import { useFetched } from "../api/useFetched";
import { settingsWords } from "../words/settings";
import { shellWords } from "../words/shell";
import { bothTimes } from "../words/time";
import { useLanguage, useWords } from "../words/words";

type Head = components["schemas"]["TrailHead"];

/** The head of the audit trail: to be noted elsewhere, so that a rewritten trail shows. */
export function Trail() {
  const say = useWords(settingsWords);
  const tell = useWords(shellWords);
  const language = useLanguage();
  const { value, error } = useFetched<Head>("/v1/audit/head");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <section className="card">
      {error !== null && <p role="alert">{tell("failed", { detail: error.message })}</p>}
      {value !== null && (
        <p role="status">
          {value.at === null
            ? say("trailEmpty")
            : say("trailEntries", { count: value.sequence, at: bothTimes(value.at, zone, language) })}
        </p>
      )}
      {value?.hash != null && (
        <p>
          {say("trailHash")} <code>{value.hash}</code>
        </p>
      )}
      <p className="quiet">{say("trailCheck")}</p>
    </section>
  );
}
