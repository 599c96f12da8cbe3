/** MISP's warning lists (`lists/<name>/list.json`) read into ours. Which of them to use is the site's choice. */
import type { WarningList } from '../../model/content/warning-list.ts';
import type { IndicatorType } from '../../model/live/intel.ts';
import { type IntelSink, objectOf, readJson, textsOf } from './sink.ts';
import { TYPE_NAMES } from './type-names.ts';

const MATCHES: Readonly<Record<string, WarningList['match']>> = {
  string: 'exact',
  hostname: 'host',
  cidr: 'range',
  substring: 'part',
  regex: 'regex',
};

/** Lists of values that can be no threat in themselves; the others only say that a value is popular or shared. */
const NEVER_A_THREAT =
  /^(rfc|multicast|ipv6-linklocal|empty-hashes|tlds$|second-level-tlds$|common-ioc-false-positive)/;

/** @param name the list's folder, which becomes its id */
export function readMispWarningList(text: string, name: string, sink: IntelSink): WarningList | undefined {
  const root = objectOf(readJson(text, 'MISP warning list', name, sink));
  if (root === undefined) return undefined;
  const match = MATCHES[String(root.type)];
  const values = textsOf(root.list).filter((value) => value !== '' && value.length <= 2000);
  if (match === undefined || values.length === 0) {
    const reason = 'no `list`, or an unknown `type`';
    const reasonFr = 'pas de `list`, ou `type` inconnu';
    sink.issue({
      code: 'INTEL_NOT_READABLE',
      place: { path: name },
      params: { format: 'MISP warning list', reason, reasonFr },
    });
    return undefined;
  }
  const title = typeof root.name === 'string' ? root.name : name;
  const id = `misp-${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}`;
  const action = NEVER_A_THREAT.test(name) ? 'suppress' : 'mark';
  const version = Number.isSafeInteger(root.version) ? Math.max(1, Number(root.version)) : 1;
  return {
    id,
    version,
    title: { en: title, fr: title },
    action,
    match,
    types: typesOf(root.matching_attributes),
    values,
  };
}

function typesOf(attributes: unknown): IndicatorType[] {
  const names = textsOf(attributes).flatMap((name) => name.toLowerCase().split('|'));
  const types = new Set(
    names.map((name) => TYPE_NAMES[name]).filter((type) => type !== undefined && type !== 'skip'),
  );
  // `domain|ip` lists of ranges speak of addresses, lists of names of domains and of the URLs on them.
  if (types.has('domain')) types.add('url').add('email');
  return types.size === 0 ? ['domain', 'url', 'ip', 'md5', 'sha1', 'sha256', 'imphash', 'email'] : [...types];
}
