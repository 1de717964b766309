import { useState } from "react";
import type { components } from "../api/schema";
import { useFetched } from "../api/useFetched";
import { settingsWords } from "../words/settings";
import { shellWords } from "../words/shell";
import { useLanguage, useWords } from "../words/words";

type Pack = components["schemas"]["Pack"];

/** Each rule pack: the text of its rules, where it stands, and how good the evidence for that is. */
export function Packs() {
  const tell = useWords(shellWords);
  const names = useFetched<string[]>("/v1/rules");
  return (
    <>
      {names.error !== null && <p role="alert">{tell("failed", { detail: names.error.message })}</p>}
      {names.value?.map((name) => <Shown key={name} name={name} />)}
    </>
  );
}

function Shown({ name }: { name: string }) {
  const tell = useWords(shellWords);
  const [open, setOpen] = useState(false);
  const pack = useFetched<Pack>(open ? `/v1/rules/${encodeURIComponent(name)}` : null);
  return (
    <details className="card" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{name}</summary>
      {pack.error !== null && <p role="alert">{tell("failed", { detail: pack.error.message })}</p>}
      {pack.value !== null && <Contents pack={pack.value} />}
    </details>
  );
}

function Contents({ pack }: { pack: Pack }) {
  const say = useWords(settingsWords);
  const language = useLanguage();
  const from = typeof pack.valid_from === "string" ? pack.valid_from : pack.valid_from.absent;
  return (
    <>
      <h2>{pack.title}</h2>
      <p className="quiet">{say("packVersion", { version: pack.version, jurisdiction: pack.jurisdiction, from })}</p>
      <p className="quiet">
        {say("packHash")} <code>{pack.sha256}</code>
      </p>
      <div className="wide" role="region" aria-label={pack.title} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say("rule")}</th>
              <th scope="col">{say("text")}</th>
              <th scope="col">{say("source")}</th>
              <th scope="col">{say("evidence")}</th>
            </tr>
          </thead>
          <tbody>
            {pack.rules.map((rule) => {
              const { original, english } = rule.text;
              const native = language === pack.language && typeof original === "string";
              return (
                <tr key={rule.id}>
                  <th scope="row">
                    {rule.id}
                    {rule.enabled === false && <span className="quiet"> · {say("off")}</span>}
                  </th>
                  <td lang={native ? pack.language : "en"}>{native ? original : english}</td>
                  <td>{rule.text.citation}</td>
                  <td>{rule.text.evidence_level}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
