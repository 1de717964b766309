import { reasonIn } from "../words/reasons";
import { replayWords } from "../words/replay";
import { useLanguage, useWords } from "../words/words";
import type { AsideBox } from "./aside";
import { reasonColour } from "./draw";
import type { Shown } from "./moments";
import { KIND_NAMES } from "./types";
import type { Aside } from "./useAside";

/** What was detected in the frame on the screen and set aside before tracking: how many, why, and each of them. */
export function AsideList({ shown, aside }: { shown: Shown | null; aside: Aside }) {
  const say = useWords(replayWords);
  if (shown === null) return null;
  if (!shown.exact || shown.before === null) return <p className="quiet">{say("asideBetween")}</p>;
  const counts = (shown.before.span.rejections[shown.before.index] ?? []).filter((one) => one.count > 0);
  const counted = counts.reduce((sum, one) => sum + one.count, 0);
  const boxes = aside.boxes(shown);
  if (counted === 0) return <p className="quiet">{say("asideNone")}</p>;
  return (
    <section className="card aside" data-testid="aside">
      <h2>{say("asideTitle", { n: counted })}</h2>
      {boxes === null ? <p className="quiet">{say("notKnown")}</p> : <Kept {...{ boxes, aside, counted }} pts={shown.pts} />}
    </section>
  );
}

function Kept({ boxes, aside, counted, pts }: { boxes: readonly AsideBox[]; aside: Aside; counted: number; pts: number }) {
  const say = useWords(replayWords);
  const language = useLanguage();
  const reasons = rareFirst(boxes);
  return (
    <>
      {boxes.length < counted && <p role="status">{say("asideNotKept", { n: counted - boxes.length })}</p>}
      {boxes.length > 0 && <p className="quiet">{say("asidePoint")}</p>}
      <div className="layers">
        {reasons.map((reason) => (
          <label key={reason} className="tick">
            <input type="checkbox" checked={!aside.hidden.has(reason)} onChange={(event) => aside.show(reason, event.target.checked)} />
            <span className="swatch" style={{ background: reasonColour(reason) }} />
            {`${reasonIn(language, reason)} ${boxes.filter((one) => one.reason === reason).length}`}
          </label>
        ))}
      </div>
      {boxes.length > 0 && <Rows {...{ boxes, aside, pts }} />}
    </>
  );
}

/** Reasons, the rarest first: dozens of duplicates would hide the one box that was too small. */
function rareFirst(boxes: readonly AsideBox[]): string[] {
  const counts = new Map<string, number>();
  for (const { reason } of boxes) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts.keys()].sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0));
}

function Rows({ boxes, aside, pts }: { boxes: readonly AsideBox[]; aside: Aside; pts: number }) {
  const say = useWords(replayWords);
  const language = useLanguage();
  const pointed = aside.pointed !== null && aside.pointed.pts === pts ? aside.pointed.index : null;
  const reasons = rareFirst(boxes);
  return (
    <div className="wide-table aside-rows" tabIndex={0} role="region" aria-label={say("layerAside")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say("reason")}</th>
            <th scope="col">{say("kind")}</th>
            <th scope="col">{say("score")}</th>
            <th scope="col">{say("boxSize")}</th>
          </tr>
        </thead>
        <tbody onPointerLeave={() => aside.hover(null)}>
          {reasons.flatMap((reason) => boxes.map((one, index) => ({ one, index })).filter(({ one }) => one.reason === reason)).map(({ one, index }) =>
            aside.hidden.has(one.reason) ? null : (
              <tr key={index} className={index === pointed ? "pointed" : undefined} onPointerEnter={() => aside.hover({ pts, index })}>
                <td>
                  <button type="button" className="link" aria-pressed={index === pointed} onClick={() => aside.pin({ pts, index })}>
                    {reasonIn(language, one.reason)}
                  </button>
                </td>
                <td>{say(one.kind === null ? "kindOther" : KIND_NAMES[one.kind])}</td>
                <td>{one.confidence.toFixed(2)}</td>
                <td>{`${Math.round(one.length)} × ${Math.round(one.width)}`}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
