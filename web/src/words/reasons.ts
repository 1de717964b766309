import { fill, words, type Language } from "./words";

/** Why a detection or a track was set aside, as analyses write it; values stand in the braces. */
export const reasonWords = words({
  duplicate: { ko: "같은 것을 다시 본 상자", en: "the same object seen again" },
  closer: { ko: "더 가까이에서 다시 본 곳", en: "looked at more closely" },
  farther: { ko: "더 작은 그림에서 판단함", en: "judged in a smaller picture" },
  noWord: { ko: "쓰지 않는 종류", en: "of a class that is not used here" },
  piece: { ko: "조각 경계에서 잘린 부분", en: "piece of an object cut by tiles" },
  outside: { ko: "중심이 화면 밖", en: "centre outside the frame" },
  small: { ko: "너무 작음", en: "too small" },
  shape: { ko: "있을 수 없는 모양", en: "impossible shape" },
  bothPictures: { ko: "원본과 반짝임 지운 그림에서 두 번 봄", en: "seen on the raw and on the cleared picture" },
  refilled: { ko: "반짝임을 메운 자리 위", en: "on refilled glint" },
  clutter: { ko: "생김새가 물체가 아님", en: "looks like clutter" },
  noTrack: { ko: "어느 추적에도 없음", en: "in no track" },
  tentative: { ko: "아직 확실치 않음", en: "tentative" },
  neverSure: {
    ko: "{span} s 안에 {hits}번 확실히 (확신도 {least} 이상) 보인 적이 없음",
    en: "never seen surely {hits} in {span} s (at least {least} each)",
  },
  fewSure: {
    ko: "확실히 보인 때가 적음 (확신도 {least} 이상이 {share} 미만)",
    en: "few sure sightings (below {share} at {least} or more)",
  },
  length: { ko: "그 종류에 없는 길이", en: "of a length that its class does not have" },
  rejected: { ko: "버려짐: {why}", en: "rejected: {why}" },
});
type Key = keyof typeof reasonWords;

/** As they stand in an analysis. */
const STORED: Readonly<Record<string, Key>> = {
  duplicate: "duplicate",
  "looked at more closely": "closer",
  "judged in a smaller picture": "farther",
  "class without a word here": "noWord",
  "piece of an object cut by tiles": "piece",
  "centre outside the frame": "outside",
  "too small": "small",
  "impossible shape": "shape",
  seen_on_raw_and_cleared: "bothPictures",
  on_refilled_glint: "refilled",
  looks_like_clutter: "clutter",
  no_track: "noTrack",
  tentative: "tentative",
};
const WITH_VALUES: readonly (readonly [RegExp, Key])[] = [
  [/^few sure sightings \(below (?<share>[\d.]+%) at (?<least>[\d.]+) or more\)$/, "fewSure"],
  [/^no (?:dolphin|vessel|jet ski|swimmer) is of that length$/, "length"],
  [/^never seen surely (?<hits>\d+) in (?<span>[\d.]+) s \(at least (?<least>[\d.]+) each\)$/, "neverSure"],
];

/** A reason in the language of the page; one without a word here as it stands. */
export function reasonIn(language: Language, stored: string): string {
  const told = /^rejected: (.*)$/.exec(stored)?.[1];
  if (told !== undefined) return fill(reasonWords.rejected[language], { why: reasonIn(language, told) });
  const key = STORED[stored];
  if (key !== undefined) return reasonWords[key][language];
  for (const [pattern, name] of WITH_VALUES) {
    const found = pattern.exec(stored);
    if (found !== null) return fill(reasonWords[name][language], found.groups ?? {});
  }
  return stored;
}
