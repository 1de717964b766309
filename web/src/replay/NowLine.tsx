import { replayWords } from "../words/replay";
import { useWords } from "../words/words";
import type { Shown } from "./moments";

/** Which frame is on the screen, and what is known of it. */
export function NowLine({ shown }: { shown: Shown | null }) {
  const say = useWords(replayWords);
  return (
    <p className="quiet now-line" role="status" data-testid="now">
      {told(shown, say)}
    </p>
  );
}

function told(shown: Shown | null, say: (key: keyof typeof replayWords, values?: Record<string, string | number>) => string): string {
  if (shown === null) return say("notKnown");
  const place = { t: shown.t_s.toFixed(3), pts: shown.pts, number: shown.number ?? "–" };
  if (!shown.exact || shown.before === null) {
    return say(shown.before === null && shown.after === null ? "notSensed" : "between", place);
  }
  const { span, index } = shown.before;
  const parts = [say("at", place)];
  const failure = span.failure[index];
  if (failure != null) parts.push(say("failedFrame", { reason: failure }));
  const glint = span.glint_fraction[index] ?? 0;
  if (glint > 0) parts.push(say("glint", { percent: `${(glint * 100).toFixed(1)} %` }));
  const aside = (span.rejections[index] ?? []).map((one) => `${one.reason} ${one.count}`).join(", ");
  if (aside !== "") parts.push(say("setAside", { reasons: aside }));
  return parts.join(" · ");
}
