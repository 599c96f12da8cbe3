/**
 * The streaming correlator: matches of rules in, in any order within the lateness allowed; correlation matches out,
 * the same whatever that order was. Events wait in a reorder buffer until none earlier may come, then go through the
 * rules an instant at a time, inner correlations before those that refer to them. Memory is bounded by the options;
 * what a bound cost is counted and told by `issues`.
 */
import type { Issue } from '../../model/issue.ts';
import type { CorrelationRule } from '../../model/sigma.ts';
import { createKeys } from './keys.ts';
import { eventsNeeded, isOutOfReach, planRule } from './plan.ts';
import { createReorder } from './reorder.ts';
import { createRunner, type Fired, type Runner } from './runner.ts';
import {
  type CorrelationInput,
  type CorrelationMatch,
  type CorrelatorOptions,
  type Item,
  isTimed,
} from './types.ts';

export interface Correlator {
  /** Takes one match of a rule; those of rules no correlation refers to are ignored. */
  push(input: CorrelationInput): void;
  /** Says that nothing earlier than `watermarkMicros` will come any more (time passes without events). */
  advance(watermarkMicros: number): void;
  /** Says that nothing will come any more: decides all that is open. */
  flush(): void;
  /** The matches since the last call, in the order they came to hold. Rules that only serve others are left out. */
  take(): CorrelationMatch[];
  /** What was lost so far, and why. */
  issues(): Issue[];
}

/** @param rules in any order; all they refer to are correlations among them or detection rules */
export function createCorrelator(rules: readonly CorrelationRule[], options: CorrelatorOptions): Correlator {
  const {
    maxGroups = 100_000,
    maxEventsPerGroup = 10_000,
    maxPending = 1_000_000,
    maxRefs = 1_000,
  } = options;
  const latenessMicros = options.latenessSeconds * 1e6;
  const keys = createKeys();
  const runners = innerFirst(rules).map((rule) =>
    createRunner(planRule(rule, maxEventsPerGroup), maxGroups, keys),
  );
  const feeds = feedsOf(runners);
  const deadlines = runners.map(() => Number.POSITIVE_INFINITY);
  let soonest = Number.POSITIVE_INFINITY;
  const inboxes: Item[][] = runners.map(() => []);
  /** Runners with something to do at this instant, in order. */
  const called: number[] = [];
  const reorder = createReorder(latenessMicros, maxPending);
  let matches: CorrelationMatch[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  let late = 0;
  let timeless = 0;

  function push(input: CorrelationInput): void {
    if (!feeds.has(input.ruleId)) return;
    if (!isTimed(input)) {
      timeless++;
      return;
    }
    if (!reorder.add(input)) late++;
    if (input.atMicros > latest) latest = input.atMicros;
    reorder.release(latest - latenessMicros, runAll);
  }

  function runAll(items: readonly Item[]): void {
    for (let from = 0; from < items.length; ) {
      const at = (items[from] as Item).atMicros;
      settleBefore(at);
      let end = from;
      while (items[end]?.atMicros === at) send(items[end++] as Item);
      runAt(at);
      from = end;
    }
  }

  function send(item: Item): void {
    for (const index of feeds.get(item.ruleId) ?? []) {
      (inboxes[index] as Item[]).push(item);
      call(index);
    }
  }

  /** Inner correlations have lower numbers than those that refer to them, so a call never comes too late. */
  function call(index: number): void {
    let place = called.length;
    while (place > 0 && (called[place - 1] as number) > index) place--;
    if (called[place - 1] !== index) called.splice(place, 0, index);
  }

  function settleBefore(at: number): void {
    while (soonest < at) runAt(soonest);
  }

  function runAt(at: number): void {
    let hasSettled = false;
    if (soonest <= at) {
      for (const [index, deadline] of deadlines.entries()) if (deadline <= at) call(index);
    }
    for (let next = 0; next < called.length; next++) {
      const index = called[next] as number;
      const inbox = inboxes[index] as Item[];
      const runner = runners[index] as Runner;
      runner.run(at, inbox, fire);
      inbox.length = 0;
      if (!runner.plan.isSettled) continue;
      const deadline = runner.nextDeadline();
      hasSettled ||= deadlines[index] === soonest || deadline < soonest;
      deadlines[index] = deadline;
    }
    called.length = 0;
    if (hasSettled) soonest = Math.min(...deadlines);
  }

  function fire({ plan, values, at, value, items }: Fired): void {
    const { rule } = plan;
    const members = items.flatMap((item) => item.members ?? [item]).slice(0, maxRefs);
    const named = Object.fromEntries(rule.groupBy.map((field, index) => [field, values[index] ?? '']));
    if (rule.generates) {
      matches.push({
        rule,
        group: named,
        value,
        atMicros: at,
        firstMicros: members[0]?.atMicros ?? at,
        lastMicros: members.at(-1)?.atMicros ?? at,
        refs: members.map((member) => member.ref),
        eventCount: items.reduce((sum, item) => sum + (item.members?.length ?? 1), 0),
      });
    }
    if (!feeds.has(rule.id)) return;
    const last = items.at(-1);
    const groupValue = (field: string): string | undefined => named[field] ?? last?.groupValue(field);
    const ref = { correlation: rule.id, at };
    send({ ruleId: rule.id, atMicros: at, ref, order: 0, groupValue, members, group: named });
  }

  function flush(): void {
    reorder.release(Number.POSITIVE_INFINITY, runAll);
    settleBefore(Number.POSITIVE_INFINITY);
  }

  return {
    push,
    advance(watermarkMicros) {
      if (!Number.isFinite(watermarkMicros)) return;
      reorder.release(watermarkMicros, runAll);
      settleBefore(Math.min(watermarkMicros, reorder.earliest));
    },
    flush,
    take() {
      const taken = matches;
      matches = [];
      return taken;
    },
    issues: () =>
      lossesOf(runners, { late, timeless, forced: reorder.forced, maxPending, maxGroups, options }),
  };
}

/** Rule id → the runners that take its matches, as indexes. */
function feedsOf(runners: readonly Runner[]): Map<string, number[]> {
  const feeds = new Map<string, number[]>();
  for (const [index, { plan }] of runners.entries()) {
    for (const id of new Set(plan.rule.ruleIds)) feeds.set(id, [...(feeds.get(id) ?? []), index]);
  }
  return feeds;
}

/** Correlations after those they refer to; ties by id, so that the order of the files does not matter. */
function innerFirst(rules: readonly CorrelationRule[]): CorrelationRule[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const sorted = new Set<CorrelationRule>();
  const open = new Set<string>();
  function visit(rule: CorrelationRule): void {
    if (sorted.has(rule) || open.has(rule.id)) return;
    open.add(rule.id);
    for (const id of rule.ruleIds) {
      const inner = byId.get(id);
      if (inner !== undefined) visit(inner);
    }
    sorted.add(rule);
  }
  for (const rule of rules.toSorted((left, right) => (left.id < right.id ? -1 : 1))) visit(rule);
  return [...sorted];
}

interface Totals {
  readonly late: number;
  readonly timeless: number;
  readonly forced: number;
  readonly maxPending: number;
  readonly maxGroups: number;
  readonly options: CorrelatorOptions;
}

function lossesOf(runners: readonly Runner[], totals: Totals): Issue[] {
  const issues: Issue[] = runners.flatMap((runner) => runnerLosses(runner, totals.maxGroups));
  const { late, timeless, forced } = totals;
  const place = {};
  if (late > 0) {
    const params = { count: late, seconds: totals.options.latenessSeconds };
    issues.push({ code: 'SIGMA_CORRELATION_LATE', place, params });
  }
  if (timeless > 0) issues.push({ code: 'SIGMA_CORRELATION_NO_TIME', place, params: { count: timeless } });
  if (forced > 0) {
    issues.push({
      code: 'SIGMA_CORRELATION_PENDING',
      place,
      params: { count: forced, limit: totals.maxPending },
    });
  }
  return issues;
}

function runnerLosses({ plan, losses }: Runner, maxGroups: number): Issue[] {
  const { place, title: rule } = plan.rule;
  const issues: Issue[] = [];
  const add = (code: Issue['code'], params: Record<string, string | number>): void => {
    issues.push({ code, place, params: { rule, ...params } });
  };
  if (isOutOfReach(plan.rule, plan.cap)) {
    add('SIGMA_CORRELATION_THRESHOLD', { needed: eventsNeeded(plan.rule), limit: plan.cap });
  }
  if (losses.events > 0) add('SIGMA_CORRELATION_EVENTS_DROPPED', { count: losses.events, limit: plan.cap });
  if (losses.groups > 0) add('SIGMA_CORRELATION_GROUPS_DROPPED', { count: losses.groups, limit: maxGroups });
  for (const [field, count] of losses.missing) add('SIGMA_CORRELATION_FIELD_MISSING', { count, field });
  for (const [field, count] of losses.notNumbers) add('SIGMA_CORRELATION_NOT_A_NUMBER', { count, field });
  return issues;
}
