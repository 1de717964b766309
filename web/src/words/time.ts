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
  const local = new Intl.DateTimeFormat(language === "ko" ? "ko-KR" : "en-GB", {
    timeZone: zone, year: "numeric", month: "short", day: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short",
  }).format(moment);
  return zone === "UTC" || zone === "Etc/UTC" ? local : `${local} · ${moment.toISOString().slice(11, 19)} UTC`;
}

export function shortTime(iso: string, zone: string, language: Language): string {
  return new Intl.DateTimeFormat(language === "ko" ? "ko-KR" : "en-GB", {
    timeZone: zone, month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).format(new Date(iso));
}
