/** A list of small numbers that is filled and emptied for every event. It keeps its room, which an array gives back. */

/** Room worth keeping. */
const MOST_KEPT = 4_096;

const NONE: readonly number[] = [];

export class Ids {
  items = new Int32Array(64);
  size = 0;

  push(id: number): void {
    if (this.size === this.items.length) {
      const more = new Int32Array(this.size * 2);
      more.set(this.items);
      this.items = more;
    }
    this.items[this.size++] = id;
  }

  /** Those from a place on. */
  from(place: number): readonly number[] {
    return place === this.size ? NONE : Array.from(this.items.subarray(place, this.size));
  }

  clear(): void {
    this.size = 0;
    if (this.items.length > MOST_KEPT) this.items = new Int32Array(64);
  }
}

/** Takes ids. */
export type IdSink = Pick<Ids, 'push'>;
