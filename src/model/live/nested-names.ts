/**
 * Names of nested fields joined with dots, each made once: to make a name anew for every record costs more than to
 * write it. Bounded: when there are too many, all are forgotten. Pure.
 */

import { ownText } from '../../lib/own-text.ts';

export interface NestedName {
  /** The name with those above it; in memory as one piece. */
  readonly path: string;
  /** That of a name inside. */
  below(name: string): NestedName;
}

const MOST_NAMES = 4_096;
/** Longer paths are not kept. */
const LONGEST_PATH = 256;

/** Gives the top, above all names. */
export function createNestedNames(): () => NestedName {
  let top: KnownName | undefined;
  let count = 0;

  class KnownName implements NestedName {
    readonly path: string;
    private readonly prefix: string;
    private readonly inner = new Map<string, KnownName>();

    constructor(path: string, isTop: boolean) {
      this.path = path;
      this.prefix = isTop ? '' : `${path}.`;
    }

    below(name: string): NestedName {
      const known = this.inner.get(name);
      if (known !== undefined) return known;
      const path = this.prefix + name;
      const made = new KnownName(ownText(path), false);
      if (path.length > LONGEST_PATH) return made;
      if (++count > MOST_NAMES) {
        top = undefined;
        count = 0;
      } else this.inner.set(name, made);
      return made;
    }
  }

  return () => {
    top ??= new KnownName('', true);
    return top;
  };
}
