import { useState } from "react";
import type { components } from "../api/schema";
import { at } from "../api/client";
import { useFetched } from "../api/useFetched";
import { replayWords } from "../words/replay";
import { useWords } from "../words/words";

type Form = components["schemas"]["ExportForm"];

const NAMES = {
  mot: "formMot",
  coco: "formCoco",
  "yolo-obb": "formYolo",
  csv: "formCsv",
  parquet: "formParquet",
  geojson: "formGeojson",
  kml: "formKml",
  "darwin-core": "formDarwin",
  rerun: "formRerun",
} as const;

/** The analysis in the forms of other programs; each is made when it is asked for. */
export function Exports({ analysisId }: { analysisId: string }) {
  const say = useWords(replayWords);
  const [rejected, setRejected] = useState(false);
  const { value } = useFetched<Form[]>("/v1/exports");
  return (
    <details className="card exports">
      <summary>{say("exports")}</summary>
      <label className="tick">
        <input type="checkbox" checked={rejected} onChange={(event) => setRejected(event.target.checked)} />
        {say("exportRejected")}
      </label>
      <ul>
        {(value ?? []).map((form) => (
          <li key={form.name}>
            {form.there ? (
              <a className="button" href={at(`/v1/analyses/${analysisId}/exports/${form.name}?rejected=${rejected}`)} download>
                {say(NAMES[form.name])}
              </a>
            ) : (
              <span className="quiet">{say("exportNotThere", { name: say(NAMES[form.name]) })}</span>
            )}{" "}
            <span className="quiet">{say(form.holds_errors ? "holdsErrors" : "holdsNoErrors")}</span>
          </li>
        ))}
      </ul>
      <p className="quiet">{say("exportNoted")}</p>
    </details>
  );
}
