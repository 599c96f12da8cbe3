/**
 * A Sigma match as a signal: what the rule says, whom it is about, what decided. The same live
 * and over the stored past.
 */
import { attackOf } from '../model/attack.ts';
import { RuleExtras } from '../model/content/rule.ts';
import type { EcsValue, Event } from '../model/event.ts';
import type { Entity, EventRef, LiveSignal } from '../model/live/signal.ts';
import type { SigmaRule } from '../model/sigma.ts';
import { explain } from './match/explain.ts';

const MAX_DECIDING = 20;
const MAX_VALUE_CHARACTERS = 1_024;
/** Accounts that are not people nor services: machine accounts and the system's own. */
const NOBODY = /\$$|^(system|local service|network service|anonymous logon|dwm-\d+|umfd-\d+|n\/a|-)$/i;

/** What every signal of a rule has in common. */
export type RuleFacts = Pick<
  LiveSignal,
  'contentId' | 'contentVersion' | 'title' | 'level' | 'tactics' | 'techniques'
>;

export function ruleFacts(rule: SigmaRule): RuleFacts {
  const extras = RuleExtras.safeParse(rule.custom.vigie);
  return {
    contentId: rule.id,
    contentVersion: extras.success ? String(extras.data.version) : (rule.modified ?? rule.date ?? ''),
    title: extras.success ? extras.data.title : { en: rule.title, fr: rule.title },
    level: rule.level,
    ...attackOf(rule.tags),
  };
}

export interface MatchedEvent {
  readonly event: Event;
  readonly ref: EventRef;
  readonly receivedAtMillis: number;
  /** SHA-256 in hexadecimal. */
  digestHex(text: string): string;
}

export function ruleSignal(
  rule: SigmaRule & { readonly kind: 'detection' },
  facts: RuleFacts,
  matched: MatchedEvent,
): LiveSignal {
  const { event, ref, receivedAtMillis } = matched;
  const entities = entitiesOf(event);
  return {
    ...facts,
    id: signalId(facts, { entities, events: [ref] }, matched.digestHex),
    kind: 'sigma',
    atMicros: event.time?.epochMicros ?? receivedAtMillis * 1000,
    entities,
    events: [ref],
    deciding: explain(rule, event)
      .slice(0, MAX_DECIDING)
      .map(({ field, value }) => ({ field, value: value.slice(0, MAX_VALUE_CHARACTERS) })),
  };
}

/** The same on replay. */
function signalId(
  { contentId, contentVersion }: RuleFacts,
  { entities, events }: Pick<LiveSignal, 'entities' | 'events'>,
  digestHex: (text: string) => string,
): string {
  const parts = [
    contentId,
    contentVersion,
    entities.map(({ kind, name }) => [kind, name]),
    events.map(({ node, seq }) => [node, seq]),
  ];
  return digestHex(JSON.stringify(parts)).slice(0, 32);
}

/** Host, account and address of an event, where it has them. */
function entitiesOf(event: Event): Entity[] {
  const entities: Entity[] = [];
  const { ecs } = event;
  const host = textOf(ecs['host.name']);
  if (host !== '') entities.push({ kind: 'host', name: host });
  const account = accountOf(textOf(ecs['user.name']));
  if (account !== '') entities.push({ kind: 'account', name: account });
  const address = textOf(ecs['source.ip']);
  if (address !== '') entities.push({ kind: 'address', name: address });
  return entities;
}

/** `m.durand@chu.example` is `m.durand`; empty for accounts that stand for nobody. */
export function accountOf(name: string): string {
  const at = name.indexOf('@');
  const account = at > 0 ? name.slice(0, at) : name;
  return NOBODY.test(account) ? '' : account;
}

/** The text of an ECS value; of a list, its first. */
export function textOf(value: EcsValue | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? (value[0] ?? '') : '';
}
