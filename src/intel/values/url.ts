/**
 * URLs in one canonical spelling, the same for lists and for events: scheme and host in lower case, default port,
 * user and fragment gone, percent-encoding and dot segments normalised. http and https share one key: a list that
 * says `http://x/` means the place, and proxies that open TLS log the other. It fetches nothing and decodes no query.
 */

/** Longer ones are neither listed nor looked up. */
export const MAX_URL_CHARS = 4096;
const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  http: '80',
  https: '443',
  ftp: '21',
  ws: '80',
  wss: '443',
};
const UNRESERVED = /[A-Za-z0-9\-._~]/;

export interface CanonicalUrl {
  readonly scheme: string;
  readonly host: string;
  /** `host[:port]/path[?query]`, with the scheme before it unless it is http or https. */
  readonly key: string;
  /** What people read: always with its scheme. */
  readonly text: string;
}

/** The canonical form; undefined when there is no host or it is too long. Without a scheme http is taken. */
export function canonicalUrl(raw: string): CanonicalUrl | undefined {
  if (raw.length > MAX_URL_CHARS) return undefined;
  const written = /^([a-z][a-z0-9+.-]*):\/\//i.exec(raw);
  const scheme = written?.[1]?.toLowerCase() ?? 'http';
  const rest = written === null ? raw : raw.slice(written[0].length);
  const end = rest.search(/[/?#\\]/);
  const authority = end === -1 ? rest : rest.slice(0, end);
  const place = splitAuthority(authority, scheme);
  if (place === undefined) return undefined;
  const tail = canonicalTail(end === -1 ? '' : rest.slice(end));
  const after = `${place.host}${place.port === '' ? '' : `:${place.port}`}${tail}`;
  const isWeb = scheme === 'http' || scheme === 'https';
  const text = `${scheme}://${after}`;
  // Encoding may have made it longer.
  return text.length > 4 * MAX_URL_CHARS
    ? undefined
    : { scheme, host: place.host, key: isWeb ? after : text, text };
}

function splitAuthority(authority: string, scheme: string): { host: string; port: string } | undefined {
  const bare = authority.slice(authority.lastIndexOf('@') + 1);
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:[\]\s%]+)(?::(\d{0,5}))?$/.exec(bare);
  const host = match?.[1] === undefined ? undefined : asciiHost(match[1]);
  if (host === undefined || host === '') return undefined;
  const port = (match?.[2] ?? '').replace(/^0+(?=\d)/, '');
  return { host, port: port === DEFAULT_PORTS[scheme] ? '' : port };
}

/** Lower case, without the closing dot; names in other scripts in their ASCII form (`xn--`). */
export function asciiHost(host: string): string | undefined {
  const bare = host.endsWith('.') ? host.slice(0, -1) : host;
  if (/^[\x21-\x7e]*$/.test(bare)) return bare.toLowerCase();
  if (/[\s/?#@\\:]/.test(bare)) return undefined;
  const url = URL.parse(`http://${bare}/`);
  return url === null || url.host === '' ? undefined : url.hostname;
}

function canonicalTail(raw: string): string {
  const [noFragment = ''] = raw.split('#', 1);
  const mark = noFragment.indexOf('?');
  const path = mark === -1 ? noFragment : noFragment.slice(0, mark);
  const query = mark === -1 ? '' : noFragment.slice(mark + 1);
  const clean = withoutDotSegments(canonicalEncoding(path.replaceAll('\\', '/')));
  return `${clean.startsWith('/') ? '' : '/'}${clean}${query === '' ? '' : `?${canonicalEncoding(query)}`}`;
}

/** Escapes of unreserved characters undone, the others in upper case; what may not stand in a URL is escaped. */
function canonicalEncoding(text: string): string {
  if (/^[A-Za-z0-9\-._~/=&;:@!$'()*+,?]*$/.test(text)) return text;
  return text.replace(
    /%([0-9a-fA-F]{2})|([^\x21-\x7e]+|[%"<>\\^`{|}])/gu,
    (_, hex?: string, odd?: string) => {
      if (hex === undefined) return escaped(odd ?? '');
      const char = String.fromCharCode(Number.parseInt(hex, 16));
      return UNRESERVED.test(char) ? char : `%${hex.toUpperCase()}`;
    },
  );
}

function escaped(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** RFC 3986, 5.2.4. */
function withoutDotSegments(path: string): string {
  if (!path.includes('/.')) return path;
  const kept: string[] = [];
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment !== '.' && segment !== '..') kept.push(segment);
    else {
      if (segment === '..' && kept.length > 1) kept.pop();
      if (isLast) kept.push('');
    }
  }
  return kept.join('/');
}

/** The host of an absolute URL, as it is written; undefined without `://`. Cheap: nothing is made canonical. */
export function urlHostOf(text: string): string | undefined {
  const scheme = text.indexOf('://');
  if (scheme === -1 || text.indexOf('/') !== scheme + 1) return undefined;
  let from = scheme + 3;
  let end = from;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 47 || code === 63 || code === 35 || code === 92) break;
    if (code === 64) from = end + 1;
  }
  if (text.charCodeAt(from) === 91) {
    const close = text.indexOf(']', from);
    return close === -1 || close > end ? undefined : text.slice(from + 1, close);
  }
  const port = text.lastIndexOf(':', end);
  return text.slice(from, port >= from && port < end ? port : end);
}
