/** Index of the entry nearest to a value, by halving; -1 where there is none. `sorted` ascends. */
export function nearest(sorted: readonly number[], value: number): number {
  if (sorted.length === 0) return -1;
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  const before = low - 1;
  if (before >= 0 && value - (sorted[before] ?? 0) <= (sorted[low] ?? 0) - value) return before;
  return low;
}

/** First and behind-last row of a frame in columns sorted by frame. */
export function rowsOf(frames: readonly number[], frame: number): [number, number] {
  return [firstAtLeast(frames, frame), firstAtLeast(frames, frame + 1)];
}

function firstAtLeast(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
