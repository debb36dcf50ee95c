/** Rows by their keys, in the order of the keys. */
export class SortedRows<T> {
  readonly #keys: string[] = [];
  readonly #rows = new Map<string, T>();

  constructor(entries: Iterable<readonly [string, T]> = []) {
    for (const [key, row] of entries) this.set(key, row);
  }

  get(key: string): T | undefined {
    return this.#rows.get(key);
  }

  set(key: string, row: T): void {
    if (!this.#rows.has(key)) this.#keys.splice(this.#placeOf(key), 0, key);
    this.#rows.set(key, row);
  }

  delete(key: string): void {
    if (this.#rows.delete(key)) this.#keys.splice(this.#placeOf(key), 1);
  }

  entries(): readonly (readonly [string, T])[] {
    return [...this.#rows];
  }

  /** From the first key that is not before `from` up to the first that is not before `to`. */
  between(from: string, to: string | undefined, limit?: number): readonly (readonly [string, T])[] {
    const first = this.#placeOf(from);
    const end = to === undefined ? this.#keys.length : this.#placeOf(to);
    const last = limit === undefined ? end : Math.min(end, first + limit);
    return this.#keys.slice(first, last).flatMap((key) => {
      const row = this.#rows.get(key);
      return row === undefined ? [] : [[key, row] as const];
    });
  }

  /** How many keys come before this one. */
  #placeOf(key: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
