/**
 * The contract between `normalise` (which knows how each envelope lays out a source's own names) and the Sigma bytes
 * path (which must find those names in raw JSON without parsing it). Anything unsure is answered with `undefined`,
 * which sends the line down the full path: parse, normalise, match.
 */
import type { EventKind } from './event.ts';

/** How one JSON envelope lays out own names. Interned: compare by identity. */
export interface JsonLayout {
  readonly id: string;
  /**
   * The own name of the value at this path of keys (`['winlog','event_data','Image']` → `Image`), `undefined` when
   * this layout does not carry that path as an own field. Pure: callers cache by path.
   */
  ownName(path: readonly string[]): string | undefined;
}

export interface JsonClassifier {
  /** Own names whose values may decide the kind (`Channel`, `EventID`…), for every layout. */
  readonly keyNames: readonly string[];
  /**
   * The layout of a line from the dotted paths of its keys (objects entered, arrays not; the keys of objects are
   * given too), in any order; `undefined` when it cannot be told. A dot inside a key is written with a backslash before it. Pure: callers
   * cache by the exact sequence of paths.
   */
  layoutOf(paths: readonly string[]): JsonLayout | undefined;
  /**
   * The kind, from the values of `keyNames` in that order (numbers as written, strings unescaped, `undefined` when
   * absent; a line where one of them is an object, a list or null takes the full path). `undefined` when the kind
   * cannot be told from them, or when own fields are derived from other text.
   */
  kindOf(layout: JsonLayout, keyValues: readonly (string | undefined)[]): EventKind | undefined;
}
