import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { Link } from "wouter";
import { alertWords } from "../words/alerts";
import { shortTime, zoneAt } from "../words/time";
import { useLanguage, useWords } from "../words/words";
import type { Alert } from "./alert";
import { amount } from "./numbers";

const ROW_PX = 76;

/** Rows are drawn where they are seen: ten thousand scroll like ten. */
export function AlertList({ alerts, seen }: { alerts: readonly Alert[]; seen: string }) {
  const place = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: alerts.length, getScrollElement: () => place.current, estimateSize: () => ROW_PX, overscan: 8 });
  return (
    <div className="rows" ref={place} tabIndex={0} role="list">
      <div style={{ height: rows.getTotalSize(), position: "relative" }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const one = alerts[index];
          return one === undefined ? null : (
            <div key={one.id} role="listitem" aria-setsize={alerts.length} aria-posinset={index + 1} className="row" style={{ transform: `translateY(${start}px)`, height: ROW_PX }}>
              <Row alert={one} fresh={one.properties.created_at > seen} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Row({ alert, fresh }: { alert: Alert; fresh: boolean }) {
  const say = useWords(alertWords);
  const language = useLanguage();
  const told = alert.properties;
  const [longitude, latitude] = alert.geometry?.coordinates ?? [null, null];
  const [low, high] = told.interval_95_m;
  return (
    <Link href={`/alerts/${alert.id}`} className={`row-link ${told.severity}`}>
      <span className="row-top">
        <span className={`badge ${told.status}`}>{say(told.status)}</span>
        <strong>{say("within", { measured: `${amount(told.closest_separation_m)} m`, low: amount(low), high: amount(high) })}</strong>
        {fresh && <span className="badge new">{say("newMark")}</span>}
      </span>
      <span className="row-bottom quiet">
        {told.rule} · {say(told.severity)} · {told.vessel_identity?.name ?? `${say(told.vessel_kind)} ${told.vessel_track}`} ·{" "}
        {told.start === null ? say("unknownTime") : shortTime(told.start, zoneAt(longitude, latitude), language)}
      </span>
    </Link>
  );
}
