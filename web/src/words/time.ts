import type { Language } from "./words";

/** Korea and its waters; elsewhere the zone of the device is shown, and named. */
const KOREA = { west: 124, east: 132, south: 32, north: 39 };

export function zoneAt(longitude: number | null, latitude: number | null): string {
  const inKorea =
    longitude !== null && latitude !== null &&
    longitude >= KOREA.west && longitude <= KOREA.east && latitude >= KOREA.south && latitude <= KOREA.north;
  return inKorea ? "Asia/Seoul" : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** A moment in local time of the place and in UTC, both named; once where they are the same. */
export function bothTimes(iso: string, zone: string, language: Language): string {
  const moment = new Date(iso);
  const tongue = language === "ko" ? "ko-KR" : "en-GB";
  const day = new Intl.DateTimeFormat(tongue, { timeZone: zone, year: "numeric", month: "short", day: "numeric" }).format(moment);
  const local = `${day} ${clockIn(moment, zone, true)} ${zoneName(moment, zone, tongue)}`;
  return zone === "UTC" || zone === "Etc/UTC" ? local : `${local} · ${moment.toISOString().slice(11, 19)} UTC`;
}

export function shortTime(iso: string, zone: string, language: Language): string {
  const moment = new Date(iso);
  const day = new Intl.DateTimeFormat(language === "ko" ? "ko-KR" : "en-GB", { timeZone: zone, month: "short", day: "numeric" }).format(moment);
  return `${day} ${clockIn(moment, zone, false)}`;
}

/** Hours, minutes and, where wanted, seconds with colons, in either language: columns of times are read down. */
function clockIn(moment: Date, zone: string, seconds: boolean): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(seconds ? { second: "2-digit" } : {}),
  }).format(moment);
}

function zoneName(moment: Date, zone: string, tongue: string): string {
  const parts = new Intl.DateTimeFormat(tongue, { timeZone: zone, timeZoneName: "short" }).formatToParts(moment);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}
