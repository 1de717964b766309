import { useEffect, useRef } from "react";
import { Link } from "wouter";
import { at } from "../api/client";
import { alertWords } from "../words/alerts";
import { useWords } from "../words/words";

type Props = {
  analysis: string;
  annotated: boolean;
  wanted: { readonly t_s: number; readonly turn: number };
  closest_s: number;
  onTime: (t_s: number) => void;
  onSeek: (t_s: number) => void;
};

/** The annotated video at the decisive moment. Its own frames carry the overlay, so nothing can be out of step. */
export function Clip({ analysis, annotated, wanted, closest_s, onTime, onSeek }: Props) {
  const say = useWords(alertWords);
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const shown = video.current;
    if (shown === null) return;
    const seek = (): void => {
      shown.currentTime = wanted.t_s;
    };
    if (shown.readyState >= HTMLMediaElement.HAVE_METADATA) seek();
    else shown.addEventListener("loadedmetadata", seek, { once: true });
    return () => shown.removeEventListener("loadedmetadata", seek);
  }, [wanted]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const shown = video.current;
      if (event.key !== " " || shown === null || event.target !== document.body) return;
      event.preventDefault();
      if (shown.paused) void shown.play();
      else shown.pause();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
  return (
    <figure className="clip">
      <figcaption>{say("clip")}</figcaption>
      {annotated ? (
        <video
          ref={video}
          src={at(`/v1/analyses/${analysis}/results/annotated.mp4`)}
          controls
          muted
          playsInline
          preload="metadata"
          onTimeUpdate={(event) => onTime(event.currentTarget.currentTime)}
          onSeeked={(event) => onTime(event.currentTarget.currentTime)}
        />
      ) : (
        <p className="quiet">{say("noClip")}</p>
      )}
      <p className="steps">
        <button type="button" onClick={() => onSeek(closest_s)}>
          {say("toMoment")}
        </button>
        <Link href={`/replay/${analysis}?t=${closest_s}`}>{say("openReplay")}</Link>
      </p>
    </figure>
  );
}
