import { replayWords } from "../words/replay";
import { reasonIn } from "../words/reasons";
import { useLanguage, useWords, type Language } from "../words/words";
import type { Tell } from "./draw";
import type { Shown } from "./moments";

/** Which frame is on the screen, and what is known of it. */
export function NowLine({ shown }: { shown: Shown | null }) {
  const say = useWords(replayWords);
  const language = useLanguage();
  return (
    <p className="quiet now-line" role="status" data-testid="now">
      {told(shown, say, language, (stored) => reasonIn(language, stored))}
    </p>
  );
}

type Say = (key: keyof typeof replayWords, values?: Record<string, string | number>) => string;

function told(shown: Shown | null, say: Say, language: Language, tell: Tell): string {
  if (shown === null) return say("notKnown");
  const place = { t: shown.t_s.toFixed(3), pts: shown.pts, number: shown.number ?? "–" };
  if (!shown.exact || shown.before === null) {
    return say(shown.before === null && shown.after === null ? "notSensed" : "between", place);
  }
  const { span, index } = shown.before;
  const parts = [say("at", place)];
  const failure = (language === "ko" ? span.failure_korean : span.failure)[index];
  if (failure != null) parts.push(say("failedFrame", { reason: failure }));
  const glint = span.glint_fraction[index] ?? 0;
  if (glint > 0) parts.push(say("glint", { percent: `${(glint * 100).toFixed(1)} %` }));
  const counts = (span.rejections[index] ?? []).filter((one) => one.count > 0);
  const aside = counts.map((one) => `${tell(one.reason)} ${one.count}`).join(", ");
  if (aside !== "") parts.push(say("setAside", { reasons: aside }));
  return parts.join(" · ");
}
