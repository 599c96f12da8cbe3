/** What the API is given. Types only: every use case is injected, so that the API knows no store and no engine. */
import type { Authentication } from '../model/access.ts';
import type { Intake, Sender } from '../model/live/delivery.ts';
import type { Clock } from '../platform/clock.ts';
import type { NoteLook } from './auth/looks.ts';
import type { UseCases } from './use-cases.ts';

export interface ApiLog {
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

export interface Readiness {
  readonly isReady: boolean;
  /** What is missing, for a person; empty when ready. */
  readonly missing: readonly string[];
}

/** Needed by every server: who calls, where events go, how we are; and the areas of this node. */
export interface ApiDeps extends UseCases {
  readonly authenticate: (token: string) => Promise<Authentication>;
  readonly intake: Intake;
  /** False on a node without the role: the receivers are not there. */
  readonly takesEvents?: boolean;
  readonly clock: Clock;
  readonly log: ApiLog;
  readonly version: string;
  readonly readiness: () => Promise<Readiness>;
  /** The metrics of the rest of the house, as Prometheus text; ours are added. */
  readonly metrics: () => string | Promise<string>;
  /** Told of each look at personal data, before it is answered; it may not reject. */
  readonly noteLook?: NoteLook;
  readonly onSender?: (sender: Sender) => void;
}

export interface ApiLimits {
  /** Largest body as sent. */
  readonly bodyBytes: number;
  /** Largest body once decompressed. */
  readonly expandedBytes: number;
  /** Bodies held in memory at one time, all requests together. */
  readonly inFlightBytes: number;
  /** Largest single record. */
  readonly recordBytes: number;
  readonly requestSeconds: number;
  readonly connections: number;
  /** Requests a minute for a token, receivers left out: they have back-pressure. */
  readonly requestsPerMinute: number;
  /** Wrong tokens a minute from one address before they are not looked at any more. */
  readonly failuresPerMinute: number;
}

const MEBIBYTE = 1024 * 1024;

/** 100 MiB once expanded is Elasticsearch's own `http.max_content_length`: what shippers are set for. */
export const DEFAULT_API_LIMITS: ApiLimits = {
  bodyBytes: 32 * MEBIBYTE,
  expandedBytes: 100 * MEBIBYTE,
  inFlightBytes: 256 * MEBIBYTE,
  recordBytes: MEBIBYTE,
  requestSeconds: 60,
  connections: 10_000,
  requestsPerMinute: 600,
  failuresPerMinute: 20,
};

export interface ApiOptions {
  readonly limits?: Partial<ApiLimits>;
  /** PEM texts; without them the server speaks plain HTTP. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly clientAuthorities?: string };
  /** Addresses of reverse proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[];
}
