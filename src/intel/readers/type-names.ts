/** What feeds call their types → ours: MISP attributes, Zeek's intelligence framework, common CSV headers. Data only. */
import type { IndicatorType } from '../../model/live/intel.ts';

/** In lower case. A composite (`filename|md5`) is looked up part by part; `skip` is a part that is no indicator. */
export const TYPE_NAMES: Readonly<Record<string, IndicatorType | 'skip'>> = {
  domain: 'domain',
  hostname: 'domain',
  host: 'domain',
  fqdn: 'domain',
  'domain-name': 'domain',
  'intel::domain': 'domain',
  ip: 'ip',
  ipv4: 'ip',
  ipv6: 'ip',
  'ipv4-addr': 'ip',
  'ipv6-addr': 'ip',
  'ip-src': 'ip',
  'ip-dst': 'ip',
  cidr: 'ip',
  netblock: 'ip',
  'intel::addr': 'ip',
  'intel::subnet': 'ip',
  url: 'url',
  uri: 'url',
  link: 'url',
  'intel::url': 'url',
  md5: 'md5',
  sha1: 'sha1',
  'sha-1': 'sha1',
  sha256: 'sha256',
  'sha-256': 'sha256',
  imphash: 'imphash',
  email: 'email',
  'email-src': 'email',
  'email-dst': 'email',
  'email-addr': 'email',
  'email-reply-to': 'email',
  'intel::email': 'email',
  filename: 'skip',
  port: 'skip',
};

/** Names that mean some hash, told by its length. */
export const HASH_NAMES: ReadonlySet<string> = new Set(['hash', 'filehash', 'file_hash', 'intel::file_hash']);
