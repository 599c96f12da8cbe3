/** The live service as the command that runs it sees it. Types only. */
import type { Issue } from '../issue.ts';

/** What events are matched against. */
export interface Matching {
  readonly rules: number;
  readonly sources: number;
  /** Of the content: what was refused or is odd, with its place. */
  readonly issues: readonly Issue[];
}

/** What came of loading content again. */
export interface ReloadReport extends Matching {
  /** Ids. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** False: nothing could be used, what ran before runs on. */
  readonly isReplaced: boolean;
}

export interface RunningService {
  /** Where each receiver listens; empty for those that fetch. */
  readonly receivers: readonly { readonly id: string; readonly kind: string; readonly address: string }[];
  /** Such as `http://127.0.0.1:8686`; undefined without HTTP. */
  readonly httpAddress: string | undefined;
  /** Of what was found in the spool. */
  readonly issues: readonly Issue[];
  /** Resolves when events begin to be matched; with undefined when this node takes none in, or when it failed. */
  readonly matching: Promise<Matching | undefined>;
  /** The text of the first token, on the first start only. */
  readonly firstToken: string | undefined;
  reload(): Promise<ReloadReport>;
  /** Resolves with the reason when the service cannot go on by itself. */
  readonly failed: Promise<unknown>;
  /** Stops taking, stores what was taken, closes; true when all of it is stored, false at the deadline. */
  stop(deadlineMillis: number): Promise<boolean>;
}
