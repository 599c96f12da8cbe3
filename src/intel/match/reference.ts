/**
 * What a look-up must find, said as plainly as possible: every indicator compared with the value, one by one. The
 * tests hold the index to it. Not used by the product.
 */
import type { Indicator } from '../../model/live/intel.ts';
import { parseIp, parseIpRange } from '../values/ip.ts';
import { canonicalUrl } from '../values/url.ts';

export function referenceHits(
  indicators: readonly Indicator[],
  kind: 'name' | 'url' | 'hash',
  value: string,
): string[] {
  return indicators
    .filter((indicator) => isHit(indicator, kind, value))
    .map(({ listId, value: text }) => `${listId} ${text}`);
}

function isHit(indicator: Indicator, kind: 'name' | 'url' | 'hash', value: string): boolean {
  if (indicator.type === 'url') return kind === 'url' && isUrlHit(indicator.value, value);
  const host = kind === 'url' ? (canonicalUrl(value)?.host ?? '') : value;
  if (indicator.type === 'domain') return kind !== 'hash' && isDomainHit(indicator.value, host);
  if (indicator.type === 'ip') return kind !== 'hash' && isRangeHit(indicator.value, host);
  return kind === 'hash' && indicator.value === value.toLowerCase();
}

function isDomainHit(listed: string, host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return name === listed || name.endsWith(`.${listed}`);
}

function bits(words: readonly number[]): string {
  return words.map((word) => word.toString(2).padStart(32, '0')).join('');
}

function isRangeHit(listed: string, text: string): boolean {
  const range = parseIpRange(listed);
  const address = parseIp(text);
  if (range === undefined || address === undefined || range.family !== address.family) return false;
  const length = range.prefix + (range.family === 4 ? 96 : 0);
  return bits(range.words).slice(0, length) === bits(address.words).slice(0, length);
}

function isUrlHit(listed: string, value: string): boolean {
  const mine = canonicalUrl(listed)?.key ?? '';
  const seen = canonicalUrl(value)?.key;
  if (seen === undefined) return false;
  const path = seen.split('?', 1)[0] ?? '';
  const isFolder = mine.endsWith('/') && !mine.includes('?') && mine.indexOf('/') !== mine.length - 1;
  return mine === seen || mine === path || (isFolder && path.startsWith(mine));
}
