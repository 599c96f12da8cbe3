/** Why a listener could not start, as an issue a person can act on. It does not decide whether to go on without it. */
import { type Issue, renderIssue } from '../../model/issue.ts';

/** Thrown when a listener cannot start. */
export class ListenError extends Error {
  readonly issue: Issue;
  constructor(issue: Issue, cause?: unknown) {
    const place = issue.place.path === undefined ? '' : `${issue.place.path}: `;
    super(place + renderIssue(issue, 'en'), { cause });
    this.name = 'ListenError';
    this.issue = issue;
  }
}

const CODES = {
  EADDRINUSE: 'NET_PORT_TAKEN',
  EACCES: 'NET_PORT_FORBIDDEN',
  EPERM: 'NET_PORT_FORBIDDEN',
  EADDRNOTAVAIL: 'NET_ADDRESS_UNKNOWN',
  ENOTFOUND: 'NET_ADDRESS_UNKNOWN',
} as const;

/** The error of `listen` or `bind` as one clear sentence. */
export function listenError(address: string, error: unknown): ListenError {
  const name = String((error as { code?: unknown }).code);
  const code = name in CODES ? CODES[name as keyof typeof CODES] : 'NET_LISTEN';
  const reason = error instanceof Error ? error.message : String(error);
  return new ListenError({ code, place: {}, params: { address, reason } }, error);
}
