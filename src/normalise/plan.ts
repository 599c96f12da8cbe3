/** Where an envelope keeps own names, as a tree of the places its renames and lifts speak of. Followed by `take.ts` for
 * values and by `layout-tree.ts` for keys alone. */
import type { Envelope } from '../model/content/source.ts';
import { asList, words } from './access.ts';

export interface EnvelopePlan {
  readonly renames: readonly { readonly own: string; readonly paths: readonly PlanNode[] }[];
  /** `each`: the members of every object that stands there, not the place's own members. */
  readonly lifts: readonly { readonly node: PlanNode; readonly clash: string; readonly each: boolean }[];
  readonly pairs: Envelope['pairs'];
  /** Number of nodes. */
  readonly size: number;
}

/** A place in the envelope that a rename or a lift speaks of, or that leads to one. */
export interface PlanNode {
  readonly index: number;
  readonly path: readonly string[];
  isLift: boolean;
  /** Own names that renames fill: members of the same name clash with them. */
  readonly targets: ReadonlySet<string>;
  readonly children: Map<string, PlanNode>;
}

export function compilePlan(envelope: Envelope): EnvelopePlan {
  let count = 0;
  const targets = new Set(Object.keys(envelope.rename));
  const create = (path: readonly string[]): PlanNode => ({
    index: count++,
    path,
    isLift: false,
    targets,
    children: new Map(),
  });
  const root = create([]);
  const nodeAt = (path: string): PlanNode => {
    let node = root;
    for (const word of words(path)) {
      const child = node.children.get(word) ?? create([...node.path, word]);
      node.children.set(word, child);
      node = child;
    }
    return node;
  };
  const renames = Object.entries(envelope.rename).map(([own, paths]) => ({
    own,
    paths: asList<string>(paths).map(nodeAt),
  }));
  const items = envelope.lift.map((lift) => (typeof lift === 'string' ? { path: lift, clash: '' } : lift));
  if (!items.some((item) => item.path === '')) items.push({ path: '', clash: '' });
  const lifts = items.map(({ path, clash }) => {
    const each = path.endsWith('.*');
    const place = each ? path.slice(0, -2) : path;
    const node = nodeAt(place);
    node.isLift = true;
    return { node, each, clash: clash === '' ? `${words(place).at(-1) ?? 'envelope'}_` : clash };
  });
  return { renames, lifts, pairs: envelope.pairs, size: count };
}
