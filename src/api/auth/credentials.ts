/**
 * Finds our token in an `Authorization` header, in each of the forms that shippers can send. Whether the token is good
 * is not decided here.
 */

const MAX_HEADER_LENGTH = 1_024;
const TOKEN = /^vgt_[\w.~-]{1,500}$/;

/**
 * `Bearer vgt_…`, `Splunk vgt_…`, `ApiKey` and `Basic` (base64 of `anything:vgt_…`, or of the token alone): the part
 * that looks like our token, or undefined.
 * @example tokenOf('Splunk vgt_abc') // 'vgt_abc'
 */
export function tokenOf(header: string | undefined): string | undefined {
  if (header === undefined || header.length > MAX_HEADER_LENGTH) return undefined;
  const space = header.indexOf(' ');
  const scheme = header.slice(0, space).toLowerCase();
  const value = header.slice(space + 1).trim();
  if (scheme === 'bearer' || scheme === 'splunk') return asToken(value);
  if (scheme === 'apikey') return asToken(value) ?? tokenInPair(value);
  if (scheme === 'basic') return tokenInPair(value);
  return undefined;
}

function tokenInPair(base64: string): string | undefined {
  const text = Buffer.from(base64, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  return asToken(text.slice(colon + 1)) ?? asToken(text.slice(0, Math.max(colon, 0)));
}

function asToken(text: string): string | undefined {
  return TOKEN.test(text) ? text : undefined;
}
