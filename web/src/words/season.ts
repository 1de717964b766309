import { words } from "./words";

export const seasonWords = words({
  title: { ko: "시즌 현황", en: "The season" },
  from: { ko: "시작일 (UTC)", en: "From (UTC day)" },
  until: { ko: "종료일 (UTC)", en: "Until (UTC day)" },
  csv: { ko: "경보를 CSV로", en: "Alerts as CSV" },
  sum: {
    ko: "후보와 확인 {standing}건 (확인 {confirmed}건), 기각되거나 철회된 {out}건은 표에서 제외",
    en: "{standing} candidate or confirmed ({confirmed} confirmed); {out} rejected or withdrawn, not in the tables",
  },
  distance: { ko: "관찰 거리 (m)", en: "Watching distance (m)" },
  compliance: { ko: "준수율", en: "Compliance" },
  noRate: { ko: "판정할 수 있는 만남이 없습니다", en: "no encounter could be judged" },
  rateOf: {
    ko: "{m} m 안으로 다가간, 판정할 수 있는 만남 {judged}건 가운데 {kept}건이 어떤 규칙도 어기지 않았습니다.",
    en: "{kept} of {judged} encounters within {m} m that could be judged broke no rule.",
  },
  rateMeans: {
    ko: "판정할 수 없던 만남 {open}건은 어느 쪽으로도 세지 않았습니다. 권고 규칙은 빼고, 사람이 기각한 것은 위반으로 세지 않습니다. 같은 영상은 가장 새로운 분석으로 한 번만 셉니다. 드론이 본 것만 셉니다.",
    en: "{open} more could not be judged and count on neither side. Advisory rules are left out; what a person rejected is no breach; each video counts once, by its newest analysis. Only what the drone saw is counted.",
  },
  notReadable: { ko: "분석 {n}건의 만남은 파일을 읽을 수 없어 빠져 있습니다.", en: "The encounters of {n} analyses are missing: their files cannot be read." },
  met: { ko: "만남", en: "Encounters" },
  keptRate: { ko: "준수", en: "Kept" },
  encountersCsv: { ko: "만남을 CSV로", en: "Encounters as CSV" },
  area: { ko: "해역별", en: "By area" },
  areaHead: { ko: "남서 모서리, 0.1° 칸", en: "South-west corner of 0.1°" },
  hour: { ko: "시간대별", en: "By hour" },
  hourHead: { ko: "그곳의 현지 시각", en: "Hour, local time of the place" },
  vessel: { ko: "선박별", en: "By vessel" },
  vesselHead: { ko: "AIS가 알린 이름", en: "Name as AIS told it" },
  closeness: { ko: "근접도별", en: "By closeness" },
  closenessHead: { ko: "가장 가까운 거리", en: "Least separation" },
  count: { ko: "경보", en: "Alerts" },
  confirmed: { ko: "확인", en: "Confirmed" },
  notKnown: { ko: "알 수 없음", en: "not known" },
  more: { ko: "외 {count}개", en: "and {count} more" },
});
