/**
 * One machine, one name: sources write a machine's short name, its full one, in either case. A short name is folded
 * into the full one when only one full name begins with it; two machines `ws01` in two domains stay apart. Works on
 * the merged tally, so that it does not depend on which thread saw what.
 */
import { type Counter, countValue, createCounter } from '../../../lib/counter.ts';
import { foldStreams } from './streams.ts';
import type { Tally } from './tally.ts';

const ADDRESS = /^[\d.]+$|:/;

/** Name as written → name to show, for those that change. */
export function hostAliases(hosts: Counter): ReadonlyMap<string, string> {
  const spellings = new Map<string, { best: string; count: number }>();
  for (const [name, count] of hosts.counts) {
    const folded = name.toLowerCase();
    const known = spellings.get(folded);
    if (known === undefined || count > known.count || (count === known.count && name < known.best))
      spellings.set(folded, { best: name, count });
  }
  const fullNames = new Map<string, string[]>();
  for (const folded of spellings.keys()) {
    const dot = folded.indexOf('.');
    if (dot <= 0 || ADDRESS.test(folded)) continue;
    const short = folded.slice(0, dot);
    fullNames.set(short, [...(fullNames.get(short) ?? []), folded]);
  }
  const aliases = new Map<string, string>();
  for (const name of hosts.counts.keys()) {
    const folded = name.toLowerCase();
    const full = ADDRESS.test(folded) ? undefined : fullNames.get(folded);
    const shown = spellings.get(full?.length === 1 ? (full[0] ?? folded) : folded)?.best ?? name;
    if (shown !== name) aliases.set(name, shown);
  }
  return aliases;
}

/** The tally with every machine under one name. */
export function foldHosts(tally: Tally): Tally {
  const aliases = hostAliases(tally.hosts);
  if (aliases.size === 0) return tally;
  const nameOf = (host: string): string => aliases.get(host) ?? host;
  const renamed = <T extends { readonly host: string }>(item: T): T => ({ ...item, host: nameOf(item.host) });
  return {
    ...tally,
    hosts: foldCounter(tally.hosts, nameOf),
    streams: foldStreams(tally.streams, nameOf),
    findings: new Map(
      [...tally.findings].map(([index, finding]) => {
        const { samples } = finding;
        const rename = (list: typeof samples.earliest): typeof samples.earliest =>
          list.map((kept) => ({ ...kept, sample: renamed(kept.sample) }));
        const folded = { earliest: rename(samples.earliest), spread: rename(samples.spread) };
        return [index, { ...finding, hosts: foldCounter(finding.hosts, nameOf), samples: folded }];
      }),
    ),
    clears: tally.clears.map(renamed),
    clockJumps: tally.clockJumps.map(renamed),
  };
}

function foldCounter(counter: Counter, nameOf: (host: string) => string): Counter {
  const folded = createCounter(counter.limit);
  for (const [host, count] of counter.counts) countValue(folded, nameOf(host), count);
  folded.overflow = counter.overflow;
  return folded;
}
