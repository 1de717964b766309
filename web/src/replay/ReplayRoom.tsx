import { useCallback, useEffect, useRef, useState } from "react";
import { useSearchParams } from "wouter";
import { isWriting } from "../alerts/AlertPage";
import { at, sendJson } from "../api/client";
import { useFetched } from "../api/useFetched";
import { replayWords } from "../words/replay";
import { shellWords } from "../words/shell";
import { useWords } from "../words/words";
import { Again } from "./Again";
import { AsideList } from "./AsideList";
import { boxFrom, cornersOf } from "./boxFrom";
import { Correct, DRAWN, type Act } from "./Correct";
import type { Point } from "./draw";
import { Exports } from "./Exports";
import { Measured } from "./Measure";
import { NowLine } from "./NowLine";
import { Sea } from "./Sea";
import { Source, type Which } from "./Source";
import { Stage } from "./Stage";
import { Timeline } from "./Timeline";
import { Transport } from "./Transport";
import { LAYERS, type Layer, type Layers, type Measurement, type Replay } from "./types";
import { useAside } from "./useAside";
import { useCleared } from "./useCleared";
import { usePlayer } from "./usePlayer";
import "./replay.css";

const LAYER_NAMES: Readonly<Record<Layer, keyof typeof replayWords>> = {
  tracks: "layerTracks",
  rejected: "layerRejected",
  raw: "layerRaw",
  aside: "layerAside",
  trails: "layerTrails",
  horizon: "layerHorizon",
  rings: "layerRings",
  errors: "layerErrors",
};
const AT_FIRST: Layers = { tracks: true, rejected: false, raw: false, aside: false, trails: true, horizon: false, rings: false, errors: false };

/** The researcher's room: every frame with what was seen in it, exact to the frame. */
export default function ReplayRoom({ analysisId }: { analysisId: string }) {
  const tell = useWords(shellWords);
  const { value, error } = useFetched<Replay>(`/v1/analyses/${analysisId}/replay`);
  if (error !== null) return <p role="alert">{tell("failed", { detail: error.message })}</p>;
  if (value === null) return <p className="quiet">{tell("loading")}</p>;
  return <Room key={analysisId} replay={value} />;
}

function Room({ replay }: { replay: Replay }) {
  const say = useWords(replayWords);
  const [search, setSearch] = useSearchParams();
  const [layers, setLayers] = useState(AT_FIRST);
  const [speed, setSpeed] = useState(1);
  const [zoom, setZoom] = useState(1);
  const [centre, setCentre] = useState<Point | null>(null);
  const [looping, setLooping] = useState(false);
  const [failed, setFailed] = useState(false);
  const [copyAt, setCopyAt] = useState(replay.proxy.video);
  const [which, setWhich] = useState<Which>(replay.proxy.video === null ? "original" : "copy");
  const source = at(which === "copy" && copyAt !== null ? copyAt : replay.video);
  const made = useCallback((address: string): void => {
    setCopyAt((before) => {
      if (before === null) setWhich("copy");
      return address;
    });
  }, []);
  const [copied, setCopied] = useState(false);
  const [measuring, setMeasuring] = useState(false);
  const [picked, setPicked] = useState<readonly Point[]>([]);
  const [measured, setMeasured] = useState<Measurement | Error | null>(null);
  const [act, setAct] = useState<Act | null>(null);
  const drawing = act !== null && DRAWN.includes(act);
  const [clearing, setClearing] = useState(false);
  const followed = search.get("track");
  const player = usePlayer(replay, Number(search.get("t") ?? 0), source);
  const { video, shown, now_s, seek, setLoop } = player;
  const aside = useAside(player.moments, layers.aside);
  const cleared = useCleared(replay.analysis_id, clearing && !player.playing && shown !== null ? shown.pts : null);
  const sketched = drawing ? boxFrom(picked) : null;
  const pickedIn = useRef<number | null>(null);

  const forget = useCallback((): void => {
    setPicked([]);
    setMeasured(null);
    pickedIn.current = null;
  }, []);
  useEffect(() => {
    if (shown !== null && pickedIn.current !== null && shown.pts !== pickedIn.current) forget();
  }, [shown, forget]);
  useEffect(() => {
    if (video.current !== null) video.current.playbackRate = speed;
  }, [speed, video, source]);
  const latest = useRef(player);
  latest.current = player;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      // A tick box takes no signs: a layer switched off does not take the keys away.
      const tick = event.target instanceof HTMLInputElement && event.target.type === "checkbox" && event.key !== " ";
      if (isWriting(event) && !tick) return;
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
    if (!looping) setLoop(null);
    else if (around !== undefined) setLoop({ start_s: around.start_s, end_s: around.end_s });
  }, [looping, around, setLoop]);

  const pick = (point: Point): void => {
    if (shown === null || (!measuring && !drawing)) return;
    player.pause();
    if (!shown.exact) {
      // The pose is that of an analysed frame; a point of another frame would be measured with the wrong one.
      const [before, after] = [shown.before, shown.after];
      const nearer = before === null || (after !== null && after.t_s - shown.t_s < shown.t_s - before.t_s) ? after : before;
      if (nearer !== null) seek(nearer.t_s);
      return;
    }
    const pts = shown.pts;
    if (drawing) {
      const begun = pickedIn.current === pts && picked.length < 3 ? picked : [];
      pickedIn.current = pts;
      setPicked([...begun, point]);
      return;
    }
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
      <Stage
        {...{ replay, player, layers, aside, zoom, centre, followed }}
        source={source}
        marks={picked}
        sketch={sketched === null ? [] : cornersOf(sketched)}
        instead={cleared.instead}
        onPick={pick}
        onMove={setCentre}
        onFail={() => setFailed(true)}
      />
      <NowLine shown={shown} />
      <Source
        {...{ replay, which, failed }}
        onWhich={(next) => {
          setWhich(next);
          setFailed(false);
        }}
        onMade={made}
      />
      <Transport
        {...{ replay, player, speed, zoom, followed, looping, copied }}
        onSpeed={setSpeed}
        onZoom={setZoom}
        onFollow={follow}
        onLoop={setLooping}
        onCopy={copy}
      />
      <fieldset className="layers">
        <legend>{say("layers")}</legend>
        {LAYERS.map((layer) => (
          <label key={layer} className="tick">
            <input type="checkbox" checked={layers[layer]} onChange={(event) => setLayers({ ...layers, [layer]: event.target.checked })} />
            {say(LAYER_NAMES[layer])}
          </label>
        ))}
        <label className="tick">
          <input
            type="checkbox"
            checked={measuring}
            onChange={(event) => {
              setMeasuring(event.target.checked);
              setAct(null);
              forget();
              player.pause();
            }}
          />
          {say("measure")}
        </label>
        <label className="tick">
          <input type="checkbox" checked={clearing} onChange={(event) => setClearing(event.target.checked)} />
          {say("cleared")}
        </label>
      </fieldset>
      {clearing && (
        <p className="quiet" role="status" data-testid="cleared">
          {cleared.error !== null ? cleared.error.message : player.playing ? say("clearedPaused") : cleared.busy || cleared.told === null ? say("clearingNow")
            : cleared.told.outcome === "cleared" ? say("clearedShown", { percent: `${(cleared.told.glint_fraction * 100).toFixed(1)} %` }) : say("nothingCleared")}
        </p>
      )}
      {layers.aside && <AsideList shown={shown} aside={aside} />}
      {measuring && (
        <div className="card">
          {measured === null && <p className="quiet">{picked.length === 1 ? say("measureOne") : say("measureHint")}</p>}
          {measured instanceof Error ? <p role="alert">{measured.message}</p> : measured !== null && <Measured found={measured} />}
        </div>
      )}
      <Timeline replay={replay} now_s={now_s} showRejected={layers.rejected} onSeek={seek} />
      <Sea player={player} followed={followed} />
      <Correct
        {...{ replay, shown, act }}
        track={followed}
        points={drawing ? picked : []}
        onAct={(next) => {
          setAct(next);
          setMeasuring(false);
          forget();
          player.pause();
        }}
        onDone={forget}
      />
      <Again analysisId={replay.analysis_id} />
      <Exports analysisId={replay.analysis_id} />
    </div>
  );
}
