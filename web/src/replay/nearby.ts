/** So many are kept at once: what is shown, what comes next, and a little of what was. A long clip stays flat in memory. */
export const KEPT = 6;
const AGAIN_MS = 3000;

/** Pieces by number, fetched when the video comes near them and let go when it is far. */
export class Nearby<T extends object> {
  private readonly kept = new Map<number, T | Promise<T>>();

  constructor(
    private readonly fetchPiece: (index: number) => Promise<T>,
    private readonly changed: () => void,
  ) {}

  get size(): number {
    return this.kept.size;
  }

  /** The piece, once it is here. */
  at(index: number): T | null {
    const known = this.kept.get(index);
    if (known !== undefined) {
      if (known instanceof Promise) return null;
      // What is used last is let go last.
      this.kept.delete(index);
      this.kept.set(index, known);
      return known;
    }
    const asked = this.fetchPiece(index);
    this.kept.set(index, asked);
    asked.then(
      (found) => {
        this.kept.delete(index);
        this.kept.set(index, found);
        for (const old of [...this.kept.keys()].slice(0, Math.max(0, this.kept.size - KEPT))) this.kept.delete(old);
        this.changed();
      },
      () => setTimeout(() => this.kept.delete(index), AGAIN_MS),
    );
    return null;
  }

  /** The piece if it is here; nothing is asked for. */
  peek(index: number): T | null {
    const known = this.kept.get(index);
    return known === undefined || known instanceof Promise ? null : known;
  }
}
