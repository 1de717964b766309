import { words } from "./words";

export const seasonWords = words({
  title: { ko: "시즌 현황", en: "The season" },
  from: { ko: "시작일 (UTC)", en: "From (UTC day)" },
  until: { ko: "종료일 (UTC)", en: "Until (UTC day)" },
  csv: { ko: "CSV로 내보내기", en: "Export as CSV" },
  sum: {
    ko: "후보와 확인 {standing}건 (확인 {confirmed}건), 기각되거나 철회된 {out}건은 표에서 제외",
    en: "{standing} candidate or confirmed ({confirmed} confirmed); {out} rejected or withdrawn, not in the tables",
  },
  noCompliance: {
    ko: "준수율은 알 수 없습니다. 피드에는 경보만 있고, 경보 없이 지나간 만남의 수는 없습니다.",
    en: "The rate of compliance is not known: the feed holds alerts, not the encounters that passed without one.",
  },
  area: { ko: "해역별", en: "By area" },
  areaHead: { ko: "남서 모서리, 0.1° 칸", en: "South-west corner of 0.1°" },
  hour: { ko: "시간대별", en: "By hour" },
  hourHead: { ko: "그곳의 현지 시각", en: "Hour, local time of the place" },
  vessel: { ko: "선박별", en: "By vessel" },
  vesselHead: { ko: "AIS가 알린 이름", en: "Name as AIS told it" },
  closeness: { ko: "근접도별", en: "By closeness" },
  closenessHead: { ko: "가장 가까운 거리", en: "Least separation" },
  count: { ko: "건수", en: "Alerts" },
  confirmed: { ko: "확인", en: "Confirmed" },
  notKnown: { ko: "알 수 없음", en: "not known" },
  more: { ko: "외 {count}개", en: "and {count} more" },
});
