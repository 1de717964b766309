import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "wouter";
import { isWriting } from "../alerts/AlertPage";
import { sendJson } from "../api/client";
import { useFetched } from "../api/useFetched";
import { replayWords } from "../words/replay";
import { shellWords } from "../words/shell";
import { useWords } from "../words/words";
import type { Point } from "./draw";
import { shownFrame } from "./frames";
import { Measured } from "./Measure";
import { Spans } from "./spans";
import { Stage } from "./Stage";
import { Timeline } from "./Timeline";
import type { Layers, Measurement, Replay } from "./types";
import { useFrame } from "./useFrame";
import "./replay.css";

const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4] as const;
const ZOOMS = [1, 1.5, 2, 4, 8] as const;
/** A seek lands inside its frame, not on the edge to the one before. */
const INTO_FRAME_S = 0.001;

/** The researcher's room: every frame with what was seen in it, exact to the frame. */
export default function ReplayRoom({ analysisId }: { analysisId: string }) {
  const tell = useWords(shellWords);
  const { value, error } = useFetched<Replay>(`/v1/analyses/${analysisId}/replay`);
  if (error !== null) return <p role="alert">{tell("failed", { detail: error.message })}</p>;
  if (value === null) return <p className="quiet">{tell("loading")}</p>;
  return <Player replay={value} />;
}

function Player({ replay }: { replay: Replay }) {
  const say = useWords(replayWords);
  const [search, setSearch] = useSearchParams();
  const video = useRef<HTMLVideoElement>(null);
  const [, setTurn] = useState(0);
  const spans = useMemo(() => new Spans(replay, () => setTurn((before) => before + 1)), [replay]);
  const media_s = useFrame(video);
  // A clip that begins late in its container is played from the container's zero, but counted from its first frame.
  const [offset_s, setOffset] = useState(0);
  const now_s = media_s - offset_s;
  const span = spans.at(now_s);
  if (span !== null && span.media_offset_s !== offset_s) setOffset(span.media_offset_s);
  const shown = span === null ? null : shownFrame(span, now_s);
  const [layers, setLayers] = useState<Layers>({ tracks: true, rejected: false, raw: false, trails: true });
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [zoom, setZoom] = useState(1);
  const [loop, setLoop] = useState(false);
  const [failed, setFailed] = useState(false);
  const [copied, setCopied] = useState(false);
  const [measuring, setMeasuring] = useState(false);
  const [picked, setPicked] = useState<readonly Point[]>([]);
  const [measured, setMeasured] = useState<Measurement | Error | null>(null);
  const followed = search.get("track");
  const pickedIn = useRef<number | null>(null);

  const seek = useCallback((t_s: number): void => {
    if (video.current !== null) video.current.currentTime = t_s + offset_s + INTO_FRAME_S;
    setPicked([]);
    setMeasured(null);
    pickedIn.current = null;
  }, [offset_s]);
  const toggle = useCallback((): void => {
    const element = video.current;
    if (element === null) return;
    if (element.paused) void element.play();
    else element.pause();
  }, []);
  const step = (by: 1 | -1): void => {
    video.current?.pause();
    const frames = span?.t_s ?? [];
    const next = shown === null ? undefined : frames[shown.index + (shown.exact || Math.sign(shown.away_s) !== by ? by : 0)];
    seek(next ?? Math.max(0, now_s + by / replay.average_fps));
  };
  const latest = useRef({ step, toggle });
  latest.current = { step, toggle };

  useEffect(() => {
    const element = video.current;
    const t_s = Number(search.get("t") ?? 0);
    if (element === null) return;
    const begin = (): void => seek(t_s);
    if (element.readyState >= HTMLMediaElement.HAVE_METADATA) begin();
    else element.addEventListener("loadedmetadata", begin, { once: true });
    const changed = (): void => setPlaying(!element.paused);
    for (const name of ["play", "pause", "ended"]) element.addEventListener(name, changed);
    return () => {
      for (const name of ["play", "pause", "ended"]) element.removeEventListener(name, changed);
    };
    // Only once: later the address follows the video, not the other way round.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  useEffect(() => {
    // A clip that begins late: only now is it known where the link leads to.
    if (offset_s !== 0) seek(Number(search.get("t") ?? 0));
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [offset_s]);
  useEffect(() => {
    if (video.current !== null) video.current.playbackRate = speed;
  }, [speed]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (isWriting(event)) return;
      if (event.key === "," || event.key === "ArrowLeft") latest.current.step(-1);
      else if (event.key === "." || event.key === "ArrowRight") latest.current.step(1);
      else if (event.key === " " && event.target === document.body) latest.current.toggle();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
  const around = replay.encounters.find((one) => now_s >= one.start_s && now_s <= one.end_s + 0.5);
  useEffect(() => {
    if (loop && around !== undefined && now_s > around.end_s) seek(around.start_s);
  }, [loop, around, now_s, seek]);

  const pick = (point: Point): void => {
    if (!measuring || shown === null) return;
    video.current?.pause();
    if (!shown.exact) {
      // The pose is that of an analysed frame; a point of another frame would be measured with the wrong one.
      seek(shown.t_s);
      return;
    }
    const pts = shown.pts;
    const next = picked.length === 1 && pickedIn.current === pts ? [...picked, point] : [point];
    pickedIn.current = pts;
    setPicked(next);
    setMeasured(null);
    const [a, b] = next;
    if (a === undefined || b === undefined) return;
    const told = (found: Measurement | Error): void => {
      if (pickedIn.current === pts) setMeasured(found);
    };
    sendJson<Measurement>(`/v1/analyses/${replay.analysis_id}/replay/measure`, { pts, a_px: a, b_px: b }).then(told, told);
  };
  const follow = (track: string): void => {
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (track === "") next.delete("track");
      else next.set("track", track);
      return next;
    });
    if (track !== "" && zoom === 1) setZoom(4);
  };
  const copy = (): void => {
    const address = new URL(window.location.href);
    address.searchParams.set("t", now_s.toFixed(3));
    void navigator.clipboard.writeText(address.href).then(() => setCopied(true));
  };
  return (
    <div className="replay">
      <h1>{replay.name}</h1>
      {failed && <p role="alert">{say("cannotPlay")}</p>}
      <Stage {...{ replay, video, span, shown, layers, zoom, followed, picked }} onPick={pick} onFail={() => setFailed(true)} />
      <p className="quiet now-line" role="status" data-testid="now">
        {shown === null
          ? say("notSensed")
          : shown.exact
            ? say("at", { t: shown.t_s.toFixed(3), pts: shown.pts })
            : say("between", { t: now_s.toFixed(3), away: Math.abs(shown.away_s * 1000).toFixed(0) })}
        {shown !== null && span?.failure[shown.index] != null && ` · ${say("failedFrame", { reason: span.failure[shown.index] ?? "" })}`}
        {shown !== null && (span?.glint_fraction[shown.index] ?? 0) > 0 && ` · ${say("glint", { percent: `${((span?.glint_fraction[shown.index] ?? 0) * 100).toFixed(1)} %` })}`}
      </p>
      <div className="controls">
        <button type="button" onClick={() => step(-1)} aria-label={say("back")} title={say("back")}>
          ◀|
        </button>
        <button type="button" className="main" onClick={toggle}>
          {playing ? say("pause") : say("play")}
        </button>
        <button type="button" onClick={() => step(1)} aria-label={say("forward")} title={say("forward")}>
          |▶
        </button>
        <label className="choice">
          {say("speed")}
          <select value={speed} onChange={(event) => setSpeed(Number(event.target.value))}>
            {SPEEDS.map((one) => (
              <option key={one} value={one}>
                {one}×
              </option>
            ))}
          </select>
        </label>
        <label className="choice">
          {say("zoom")}
          <select value={zoom} onChange={(event) => setZoom(Number(event.target.value))}>
            {ZOOMS.map((one) => (
              <option key={one} value={one}>
                {one}×
              </option>
            ))}
          </select>
        </label>
        <label className="choice">
          <select value={followed ?? ""} onChange={(event) => follow(event.target.value)} aria-label={say("follow", { track: "" })}>
            <option value="">{say("followNone")}</option>
            {replay.tracks.filter((one) => one.state !== "rejected").map((one) => (
              <option key={one.id} value={one.id}>
                {say("follow", { track: one.id })}
              </option>
            ))}
          </select>
        </label>
        <label className="tick">
          <input type="checkbox" checked={loop} onChange={(event) => setLoop(event.target.checked)} />
          {say("loop")}
        </label>
        <button type="button" onClick={copy}>
          {copied ? say("copied") : say("link")}
        </button>
      </div>
      <fieldset className="layers">
        <legend>{say("layers")}</legend>
        {(
          [
            ["tracks", "layerTracks"],
            ["rejected", "layerRejected"],
            ["raw", "layerRaw"],
            ["trails", "layerTrails"],
          ] as const
        ).map(([layer, key]) => (
          <label key={layer} className="tick">
            <input type="checkbox" checked={layers[layer]} onChange={(event) => setLayers({ ...layers, [layer]: event.target.checked })} />
            {say(key)}
          </label>
        ))}
        <label className="tick">
          <input
            type="checkbox"
            checked={measuring}
            onChange={(event) => {
              setMeasuring(event.target.checked);
              setPicked([]);
              setMeasured(null);
              video.current?.pause();
            }}
          />
          {say("measure")}
        </label>
      </fieldset>
      {measuring && (
        <div className="card">
          {measured === null && <p className="quiet">{picked.length === 1 ? say("measureOne") : say("measureHint")}</p>}
          {measured instanceof Error ? <p role="alert">{measured.message}</p> : measured !== null && <Measured found={measured} />}
        </div>
      )}
      <Timeline replay={replay} now_s={now_s} showRejected={layers.rejected} onSeek={seek} />
    </div>
  );
}
