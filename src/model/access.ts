/**
 * Who may do what: the closed list of scopes, and who acts. Types and one pure rule; proving an identity is the area
 * `access`. Prepared for the people and roles of the later login.
 */

/** What a token (or later a role) allows. Adding one: here, and in `docs/manual/tokens.md`. */
export const SCOPES = [
  /** Send events. */
  'ingest',
  /** Search stored events, run saved searches, export. */
  'search',
  'signals:read',
  'sources:read',
  'sources:write',
  'inventory:read',
  'inventory:write',
  'intel:read',
  'intel:write',
  /** Rules, behaviours, sources of the site's overlay. */
  'content:write',
  /** Look at, fix and replay what could not be stored. */
  'dead-letters',
  /** Retention, holds, backups. */
  'storage',
  'journal:read',
  'metrics:read',
  /** Every scope, and tokens themselves. */
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Somebody or something whose identity was proved. */
export type Principal =
  | {
      readonly kind: 'token';
      readonly id: string;
      readonly name: string;
      readonly scopes: readonly Scope[];
      /** For tokens that send events: the sender's name in `vigie sources`. */
      readonly identity: string | undefined;
    }
  /** The account that runs the service or its commands on this machine, proved by the file system. */
  | {
      readonly kind: 'os';
      readonly id: string;
      readonly name: string;
      readonly scopes: readonly Scope[];
    }
  /** For the later login: `scopes` are what the person's roles allow together. */
  | {
      readonly kind: 'person';
      readonly id: string;
      readonly name: string;
      readonly roles: readonly string[];
      readonly scopes: readonly Scope[];
    };

/** Why a token was refused. The outside is told only that it was; this is for the log and the counters. */
export type RefusalReason =
  | 'malformed'
  | 'unknown'
  | 'expired'
  | 'revoked'
  /** The record store cannot be asked and nothing recent is remembered: 503, not 401. */
  | 'unavailable';

export type Authentication =
  | { readonly kind: 'principal'; readonly principal: Principal }
  | { readonly kind: 'refused'; readonly reason: RefusalReason };

/** Who is written into the journal. */
export interface Actor {
  /** `os`: the account of the operating system that ran a command. `system`: Vigie by itself. */
  readonly kind: 'os' | 'token' | 'person' | 'system';
  readonly name: string;
}

export const SYSTEM_ACTOR: Actor = { kind: 'system', name: 'vigie' };

/** @example isAllowed(principal, 'search') */
export function isAllowed(principal: Principal, scope: Scope): boolean {
  return principal.scopes.includes(scope) || principal.scopes.includes('admin');
}

export function actorOf(principal: Principal): Actor {
  return { kind: principal.kind, name: principal.name };
}
