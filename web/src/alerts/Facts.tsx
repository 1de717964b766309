import { alertWords } from "../words/alerts";
import { bothTimes, zoneAt } from "../words/time";
import { useLanguage, useWords, type Language } from "../words/words";
import type { Account } from "./account";
import type { Alert } from "./alert";
import { amount, percent } from "./numbers";

type Props = { account: Account; alert: Alert };
type Key = keyof typeof alertWords;

const HANGUL = /[가-힣]/;

/** Of a text that a rule pack gives as `Korean / English` the half that is read here; another text whole. */
function inLanguage(text: string, language: Language): string {
  const [korean, english, ...more] = text.split(" / ");
  if (korean === undefined || english === undefined || more.length > 0 || !HANGUL.test(korean) || HANGUL.test(english)) return text;
  return language === "ko" ? korean : english;
}

/** Law, measurement, vessel, drone and history, each as a card. */
export function Facts({ account, alert }: Props) {
  return (
    <div className="cards">
      <Law account={account} />
      <Measured account={account} alert={alert} />
      <Bands account={account} />
      <Who alert={alert} />
      <Drone account={account} />
      <History alert={alert} />
    </div>
  );
}

function Law({ account }: { account: Account }) {
  const say = useWords(alertWords);
  const language = useLanguage();
  const law = account.law;
  return (
    <section className="card">
      <h2>{say("law")}</h2>
      <p lang={HANGUL.test(law.original) ? "ko" : undefined}>{law.original}</p>
      {law.english !== law.original && !(language === "ko" && HANGUL.test(law.original)) && <p lang="en">{law.english}</p>}
      <dl className="pairs">
        <Pair term={say("citation")} value={law.citation} name />
        <Pair term={say("level")} value={say(`level${law.evidence_level}` as Key)} />
        {law.penalty != null && <Pair term={say("penalty")} value={`${inLanguage(law.penalty.says, language)} (${law.penalty.evidence}; ${law.penalty.source})`} name />}
        <Pair term={say("validFrom")} value={law.valid_from} />
        <Pair term={say("pack")} value={`${inLanguage(law.title, language)} · ${law.pack}`} name />
      </dl>
    </section>
  );
}

function Measured({ account, alert }: Props) {
  const say = useWords(alertWords);
  const language = useLanguage();
  const budget = account.budget;
  const most = budget?.shares[0]?.sigma_m ?? 1;
  const clues = account.settings["clues"] as { horizons: unknown[]; lengths: unknown[]; coast: unknown[] } | undefined;
  return (
    <section className="card">
      <h2>{say("howWell")}</h2>
      <dl className="pairs">
        <Pair term={say("grade")} value={say(`grade${alert.properties.telemetry_grade}`)} />
        {clues !== undefined && (
          <Pair term={say("clues")} value={say("clueHeld", { horizons: clues.horizons.length, lengths: clues.lengths.length, coast: clues.coast.length })} />
        )}
        <Pair term="" value={account.calibration == null ? say("notCalibrated") : calibrated(account.calibration, say)} />
        {account.vessel_length_m != null && <Pair term={say("length")} value={`${amount(account.vessel_length_m.value)} ± ${amount(account.vessel_length_m.sigma)} m`} />}
        <Pair term={say("models")} value={account.models.map((one) => String(one["id"])).join(", ")} name />
      </dl>
      {budget != null && (
        <>
          <h3>{say("budget")}</h3>
          <table className="budget">
            <tbody>
              {budget.shares.map((share) => (
                <tr key={share.source}>
                  <th scope="row">{share.source in sources ? say(sources[share.source as keyof typeof sources]) : share.source}</th>
                  <td>
                    <span className="bar-share" style={{ width: `${(share.sigma_m / most) * 100}%` }} />
                  </td>
                  <td className="number">{share.sigma_m.toFixed(2)} m</td>
                </tr>
              ))}
              <Sum term={say("together")} sigma_m={budget.together_m} />
              <Sum term={say("rest")} sigma_m={budget.rest_m} />
              <Sum term={say("judged")} sigma_m={budget.judged_sigma_m} />
            </tbody>
          </table>
        </>
      )}
      {account.warnings.length > 0 && (
        <p>
          <strong>{say("warnings")}:</strong> {(language === "ko" ? account.warnings_korean : account.warnings).join("; ")}
        </p>
      )}
    </section>
  );
}

const sources = {
  height: "source_height",
  pitch: "source_pitch",
  roll: "source_roll",
  yaw: "source_yaw",
  focal_length: "source_focal_length",
  camera_east: "source_camera_east",
  camera_north: "source_camera_north",
  vessel_own: "source_vessel_own",
  animal_own: "source_animal_own",
} as const;

function Sum({ term, sigma_m }: { term: string; sigma_m: number }) {
  return (
    <tr className="sum">
      <th scope="row" colSpan={2}>
        {term}
      </th>
      <td className="number">{sigma_m.toFixed(2)} m</td>
    </tr>
  );
}

function calibrated(fit: Record<string, unknown>, say: (key: "calibrated", values: Record<string, string>) => string): string {
  const told = (name: string, digits: number): string => {
    const one = fit[name] as { value: number; sigma: number } | undefined;
    return one === undefined ? "–" : `${one.value.toFixed(digits)} ± ${one.sigma.toFixed(digits)}`;
  };
  return say("calibrated", { height: `${told("height_m", 1)} m`, pitch: `${told("pitch_offset_deg", 2)}°`, focal: told("focal_ratio", 3) });
}

function Bands({ account }: { account: Account }) {
  const say = useWords(alertWords);
  return (
    <section className="card">
      <h2>{say("bands")}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{say("band")}</th>
            <th scope="col" className="number">{say("byValue")}</th>
            <th scope="col" className="number">{say("surely")}</th>
            <th scope="col" className="number">{say("possibly")}</th>
          </tr>
        </thead>
        <tbody>
          {account.bands.map((one, index) => (
            <tr key={index}>
              <th scope="row">
                {one.inner_m == null
                  ? say("inside", { outer: one.outer_m ?? 0 })
                  : one.outer_m == null
                    ? say("beyond", { inner: one.inner_m })
                    : say("between", { inner: one.inner_m, outer: one.outer_m })}
              </th>
              <td className="number">{say("seconds", { s: one.seconds.toFixed(1) })}</td>
              <td className="number">{say("seconds", { s: one.surely_s.toFixed(1) })}</td>
              <td className="number">{say("seconds", { s: one.possibly_s.toFixed(1) })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Who({ alert }: { alert: Alert }) {
  const say = useWords(alertWords);
  const who = alert.properties.vessel_identity;
  const text =
    who === null
      ? say("notKnown")
      : who.verdict === "matched"
        ? say("matched", { name: who.name ?? "–", mmsi: who.mmsi ?? "–", p: percent(who.probability), rate: percent(who.stated_error_rate) })
        : who.verdict === "ambiguous"
          ? say("ambiguous")
          : say("notAis");
  return (
    <section className="card">
      <h2>{say("who")}</h2>
      <p>{text}</p>
    </section>
  );
}

function Drone({ account }: { account: Account }) {
  const say = useWords(alertWords);
  const language = useLanguage();
  return (
    <section className="card">
      <h2>{say("drone")}</h2>
      {account.own_conduct.length === 0 ? (
        <p>{say("noDrone")}</p>
      ) : (
        <ul>
          {account.own_conduct.map((one, index) => (
            <li key={index}>
              <strong>
                {String(one["rule"])}: {say(one["verdict"] as "violation" | "compliant" | "cannot_judge")}
              </strong>{" "}
              {String((language === "ko" ? one["reason_ko"] : undefined) ?? one["reason"])}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function History({ alert }: { alert: Alert }) {
  const say = useWords(alertWords);
  const language = useLanguage();
  const [longitude, latitude] = alert.geometry?.coordinates ?? [null, null];
  const versions = alert.history ?? [];
  return (
    <section className="card">
      <h2>{say("history")}</h2>
      <ol className="history">
        {versions.map((one) => (
          <li key={one.version}>
            {say("version", { n: one.version })} · {say(one.status)} · {bothTimes(one.created_at.replace(" ", "T"), zoneAt(longitude, latitude), language)}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** `name`: a text of somebody else, as it stands there: no word of the page. */
function Pair({ term, value, name = false }: { term: string; value: string; name?: boolean }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd translate={name ? "no" : undefined}>{value}</dd>
    </div>
  );
}
