/**
 * Counters, gauges and histograms, given as Prometheus text. Labels come from configuration and content (receiver,
 * source, step), never from event data without a bound: a family keeps so many series and counts the rest together.
 */

export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(count: number, labels?: Labels): void;
  value(labels?: Labels): number;
}

export interface Gauge {
  set(value: number, labels?: Labels): void;
}

export interface Histogram {
  observe(value: number, labels?: Labels): void;
}

export interface Metrics {
  counter(name: string, help: string): Counter;
  gauge(name: string, help: string): Gauge;
  /** @param bounds upper bounds, rising; +Inf is added */
  histogram(name: string, help: string, bounds: readonly number[]): Histogram;
  /** Called before the text is made: sets gauges that are read, not told. */
  onCollect(read: () => void): void;
  /** Prometheus text exposition format 0.0.4. */
  text(): string;
}

/** Series of a family; beyond, values go to the series labelled `other`. */
const MAX_SERIES = 2_000;

interface Family {
  readonly name: string;
  lines(): string[];
}

export function createMetrics(): Metrics {
  const families: Family[] = [];
  const readers: (() => void)[] = [];
  return {
    counter(name, help) {
      const series = createSeries(() => ({ value: 0 }));
      families.push({ name, lines: () => [...head(name, help, 'counter'), ...simpleLines(name, series)] });
      return {
        add(count, labels = {}) {
          series.of(labels).value += count;
        },
        value: (labels = {}) => series.peek(labels)?.value ?? 0,
      };
    },
    gauge(name, help) {
      const series = createSeries(() => ({ value: 0 }));
      families.push({ name, lines: () => [...head(name, help, 'gauge'), ...simpleLines(name, series)] });
      return {
        set(value, labels = {}) {
          series.of(labels).value = value;
        },
      };
    },
    histogram(name, help, bounds) {
      const series = createSeries(() => ({ counts: bounds.map(() => 0), count: 0, sum: 0 }));
      families.push({
        name,
        lines: () => [
          ...head(name, help, 'histogram'),
          ...[...series.all()].flatMap(([labels, state]) =>
            histogramLines(name, labels, { bounds, ...state }),
          ),
        ],
      });
      return {
        observe(value, labels = {}) {
          const state = series.of(labels);
          const at = bounds.findIndex((bound) => value <= bound);
          if (at !== -1) state.counts[at] = (state.counts[at] ?? 0) + 1;
          state.count++;
          state.sum += value;
        },
      };
    },
    onCollect: (read) => void readers.push(read),
    text() {
      for (const read of readers) read();
      return `${families.flatMap((family) => family.lines()).join('\n')}\n`;
    },
  };
}

interface Series<T> {
  of(labels: Labels): T;
  peek(labels: Labels): T | undefined;
  /** Labels as text, without braces. */
  all(): ReadonlyMap<string, T>;
}

function createSeries<T>(make: () => T): Series<T> {
  const states = new Map<string, T>();
  return {
    of(labels) {
      let name = labelText(labels);
      if (!states.has(name) && states.size >= MAX_SERIES) {
        name = labelText(Object.fromEntries(Object.keys(labels).map((label) => [label, 'other'])));
      }
      let state = states.get(name);
      if (state === undefined) {
        state = make();
        states.set(name, state);
      }
      return state;
    },
    peek: (labels) => states.get(labelText(labels)),
    all: () => states,
  };
}

function head(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function simpleLines(name: string, series: Series<{ readonly value: number }>): string[] {
  return [...series.all()].map(([labels, { value }]) => `${name}${braced(labels)} ${value}`);
}

interface HistogramState {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
}

function histogramLines(name: string, labels: string, state: HistogramState): string[] {
  let below = 0;
  const comma = labels === '' ? '' : ',';
  const buckets = state.bounds.map((bound, index) => {
    below += state.counts[index] ?? 0;
    return `${name}_bucket{${labels}${comma}le="${bound}"} ${below}`;
  });
  return [
    ...buckets,
    `${name}_bucket{${labels}${comma}le="+Inf"} ${state.count}`,
    `${name}_sum${braced(labels)} ${state.sum}`,
    `${name}_count${braced(labels)} ${state.count}`,
  ];
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`)
    .join(',');
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
