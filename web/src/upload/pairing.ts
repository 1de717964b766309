/** What of a card belongs together, by name: a video, its telemetry, and the part it continues. */
export type Pair = {
  readonly key: string;
  readonly video: File;
  readonly telemetry: File | null;
  readonly continues: string | null;
};

export type Found = { readonly pairs: readonly Pair[]; readonly alone: readonly File[] };

const VIDEO = /\.(mp4|mov|m4v|mts|m2ts|ts|mkv|avi)$/i;
const TELEMETRY = /\.(srt|csv|txt|json|gpx|klv|tlog|bin)$/i;
const PREVIEW = /\.lrf$|\.thm$|^\._|^\./i;
/** DJI cuts a recording at 4 GB: a part as large as this, followed by the next number, goes on in it. */
const SPLIT_BYTES = 3.5 * 2 ** 30;
const NUMBERED = /^(DJI_)(\d{4})$/i;
const DATED = /^DJI_(\d{14})_(\d{4})_(\w)$/i;

const stem = (name: string): string => name.replace(/\.[^.]+$/, "");

export function paired(files: readonly File[]): Found {
  const kept = files.filter((file) => !PREVIEW.test(file.name) && file.size > 0);
  const videos = kept.filter((file) => VIDEO.test(file.name)).sort((a, b) => a.name.localeCompare(b.name));
  const logs = kept.filter((file) => TELEMETRY.test(file.name));
  const taken = new Set<File>();
  const pairs = videos.map((video) => {
    const telemetry = bestLog(video, logs);
    if (telemetry !== null) taken.add(telemetry);
    return { key: `${video.name}:${video.size}:${video.lastModified}`, video, telemetry, continues: continued(video, videos) };
  });
  const alone = kept.filter((file) => !VIDEO.test(file.name) && !taken.has(file));
  return { pairs, alone };
}

/** The log of the same name, subtitles before others. */
function bestLog(video: File, logs: readonly File[]): File | null {
  const same = logs.filter((log) => stem(log.name).toLowerCase() === stem(video.name).toLowerCase());
  return same.find((log) => /\.srt$/i.test(log.name)) ?? same[0] ?? null;
}

/** Name of the video that this one goes on with; null where it begins by itself. */
function continued(video: File, videos: readonly File[]): string | null {
  const here = place(video.name);
  if (here === null) return null;
  const before = videos.find((other) => {
    const there = place(other.name);
    return there !== null && there.series === here.series && there.number === here.number - 1;
  });
  return before !== undefined && before.size >= SPLIT_BYTES ? before.name : null;
}

function place(name: string): { series: string; number: number } | null {
  const numbered = NUMBERED.exec(stem(name));
  if (numbered !== null) return { series: "DJI_", number: Number(numbered[2]) };
  const dated = DATED.exec(stem(name));
  return dated === null ? null : { series: `DJI_${dated[3]}`, number: Number(dated[2]) };
}

/** Files of what was dropped, folders walked to their end. */
export async function dropped(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const files = await Promise.all(entries.map(walked));
  return files.flat();
}

async function walked(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await new Promise<File>((good, bad) => (entry as FileSystemFileEntry).file(good, bad))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    // A folder is told in pieces of about a hundred.
    const some = await new Promise<FileSystemEntry[]>((good, bad) => reader.readEntries(good, bad));
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await walked(one)));
  }
}
