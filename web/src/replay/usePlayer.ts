import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from "react";
import { Moments, type Shown } from "./moments";
import type { Replay } from "./types";

/** A seek lands inside its frame, not on the edge to the one before. */
const INTO_FRAME_S = 0.001;
/** While the video plays, words and curves follow it so often; the picture follows every frame. */
const TELL_EACH_MS = 120;

export type Loop = { readonly start_s: number; readonly end_s: number };

export type Player = {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly moments: Moments;
  /** What was told last; while the video plays a little behind what is drawn. */
  readonly shown: Shown | null;
  readonly now_s: number;
  readonly playing: boolean;
  readonly turn: number;
  readonly seek: (t_s: number) => void;
  readonly step: (by: 1 | -1) => void;
  readonly toggle: () => void;
  readonly pause: () => void;
  /** Told by the stage of each picture it drew. */
  readonly drawn: (shown: Shown | null, media_s: number) => void;
  readonly setLoop: (loop: Loop | null) => void;
};

export function usePlayer(replay: Replay, begin_s: number, source: string): Player {
  const video = useRef<HTMLVideoElement>(null);
  const [turn, setTurn] = useState(0);
  const moments = useMemo(() => new Moments(replay, () => setTurn((before) => before + 1)), [replay]);
  const [told, setTold] = useState<{ shown: Shown | null; now_s: number }>({ shown: null, now_s: 0 });
  const [playing, setPlaying] = useState(false);
  const latest = useRef<{ shown: Shown | null; media_s: number; at_ms: number }>({ shown: null, media_s: 0, at_ms: 0 });
  const loop = useRef<Loop | null>(null);

  const seek = useCallback((t_s: number): void => {
    if (video.current !== null) video.current.currentTime = Math.max(0, t_s) + moments.offset_s + INTO_FRAME_S;
  }, [moments]);
  const drawn = useCallback((shown: Shown | null, media_s: number): void => {
    const now_ms = performance.now();
    const still = video.current?.paused !== false;
    latest.current = { ...latest.current, shown, media_s };
    const now_s = shown?.t_s ?? media_s - moments.offset_s;
    if (loop.current !== null && !still && now_s > loop.current.end_s) seek(loop.current.start_s);
    if (!still && now_ms - latest.current.at_ms < TELL_EACH_MS) return;
    latest.current.at_ms = now_ms;
    setTold((before) => (before.shown?.pts === shown?.pts && before.shown?.exact === shown?.exact && before.now_s === now_s ? before : { shown, now_s }));
  }, [moments, seek]);
  const toggle = useCallback((): void => {
    const element = video.current;
    if (element === null) return;
    if (element.paused) void element.play();
    else element.pause();
  }, []);
  const pause = useCallback((): void => video.current?.pause(), []);
  const step = useCallback((by: 1 | -1): void => {
    video.current?.pause();
    const { shown, media_s } = latest.current;
    const next_s = shown === null ? null : stepped(moments, shown, by);
    seek(next_s ?? media_s - moments.offset_s + by / Math.max(1, replay.average_fps));
  }, [moments, replay, seek]);
  const setLoop = useCallback((next: Loop | null): void => {
    loop.current = next;
  }, []);

  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    // Another file of the same recording goes on where the one before it was.
    const { shown, media_s } = latest.current;
    const at_s = shown?.t_s ?? (media_s > 0 ? media_s - moments.offset_s : begin_s);
    const begin = (): void => seek(at_s);
    if (element.readyState >= HTMLMediaElement.HAVE_METADATA) begin();
    else element.addEventListener("loadedmetadata", begin, { once: true });
    const changed = (): void => setPlaying(!element.paused);
    for (const name of ["play", "pause", "ended"]) element.addEventListener(name, changed);
    return () => {
      for (const name of ["play", "pause", "ended"]) element.removeEventListener(name, changed);
    };
    // Not by `begin_s`: later the address follows the video, not the other way round.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [source]);
  return { video, moments, ...told, playing, turn, seek, step, toggle, pause, drawn, setLoop };
}

/** Time of the frame beside; of the analysed one where the times of the frames are not known. */
function stepped(moments: Moments, shown: Shown, by: 1 | -1): number | null {
  if (shown.number !== null) return moments.timeOf(shown.number + by, shown.t_s);
  const here = shown.before;
  return here?.span.t_s[here.index + by] ?? null;
}
