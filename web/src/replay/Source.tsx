import { useEffect } from "react";
import { useFetched } from "../api/useFetched";
import { replayWords } from "../words/replay";
import { useLanguage, useWords } from "../words/words";
import type { Proxy, Replay } from "./types";

const LOOK_EACH_MS = 4000;

export type Which = "original" | "copy";

type Props = {
  replay: Replay;
  which: Which;
  failed: boolean;
  onWhich: (which: Which) => void;
  onMade: (video: string) => void;
};

/** Which file is played: the original, or the copy that every browser plays; and how far that copy is. */
export function Source({ replay, which, failed, onWhich, onMade }: Props) {
  const language = useLanguage();
  const say = useWords(replayWords);
  const { value, again } = useFetched<Proxy>(`/v1/analyses/${replay.analysis_id}/replay/playable`);
  const proxy = value ?? replay.proxy;
  const coming = proxy.state === "wanted" || proxy.state === "making";
  useEffect(() => {
    if (!coming) return;
    const timer = setInterval(again, LOOK_EACH_MS);
    return () => clearInterval(timer);
  }, [coming, again]);
  const video = proxy.video;
  useEffect(() => {
    if (video !== null) onMade(video);
  }, [video, onMade]);
  if (replay.blurred) {
    const state = video !== null ? "" : coming ? say("blurComing") : say("blurFailed", { reason: proxy.problem ?? "" });
    return (
      <>
        <span className="quiet">{say("blurred")}</span>
        {state !== "" && <p role="status">{state}</p>}
      </>
    );
  }
  return (
    <>
      {video !== null ? (
        <label className="choice">
          {say("source")}
          <select value={which} onChange={(event) => onWhich(event.target.value as Which)}>
            <option value="original">{say("sourceOriginal")}</option>
            <option value="copy">{say("sourceCopy")}</option>
          </select>
        </label>
      ) : (
        <span className="quiet">
          {say("source")}: {say("sourceOriginal")}
          {coming ? ` · ${say("copyComing")}` : proxy.state === "failed" ? ` · ${say("copyFailed", { reason: (language === "ko" ? proxy.problem_korean : proxy.problem) ?? "" })}` : ""}
        </span>
      )}
      {failed && <p role="alert">{coming ? say("cannotPlayYet") : say("cannotPlay")}</p>}
    </>
  );
}
