/** Counters of the HTTP server, as Prometheus text. The rest of the house has its own (`platform/metrics`). */

const BUCKETS_SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60] as const;
const MAX_SERIES = 1_000;

export interface HttpMetrics {
  noteAnswer(answer: { method: string; route: string; status: number; seconds: number }): void;
  noteAuthFailure(): void;
  noteReceived(receiver: string, what: ReceivedKind, count: number): void;
  noteBodyBytes(wire: number): void;
  render(): string;
}

export type ReceivedKind = 'records' | 'bytes' | 'refused' | 'malformed' | 'repeated';

interface Series {
  readonly labels: string;
  count: number;
  sumSeconds: number;
  readonly buckets: number[];
}

export function createHttpMetrics(): HttpMetrics {
  const answers = new Map<string, Series>();
  const received = new Map<string, number>();
  let authFailures = 0;
  let bodyBytes = 0;

  function seriesOf(labels: string): Series | undefined {
    const found = answers.get(labels);
    if (found || answers.size >= MAX_SERIES) return found;
    const made = { labels, count: 0, sumSeconds: 0, buckets: BUCKETS_SECONDS.map(() => 0) };
    answers.set(labels, made);
    return made;
  }
  return {
    noteAnswer: ({ method, route, status, seconds }) => {
      const series = seriesOf(`method="${method}",route="${escapeLabel(route)}",status="${status}"`);
      if (!series) return;
      series.count += 1;
      series.sumSeconds += seconds;
      BUCKETS_SECONDS.forEach((limit, index) => {
        if (seconds <= limit) series.buckets[index] = (series.buckets[index] ?? 0) + 1;
      });
    },
    noteAuthFailure: () => {
      authFailures += 1;
    },
    noteReceived: (receiver, what, count) => {
      const key = `receiver="${escapeLabel(receiver)}",what="${what}"`;
      received.set(key, (received.get(key) ?? 0) + count);
    },
    noteBodyBytes: (wire) => {
      bodyBytes += wire;
    },
    render: () =>
      [
        ...renderAnswers([...answers.values()]),
        '# HELP vigie_http_auth_failures_total Requests with a wrong token.',
        '# TYPE vigie_http_auth_failures_total counter',
        `vigie_http_auth_failures_total ${authFailures}`,
        '# HELP vigie_http_body_bytes_total Body bytes read, as sent.',
        '# TYPE vigie_http_body_bytes_total counter',
        `vigie_http_body_bytes_total ${bodyBytes}`,
        '# HELP vigie_http_received_total What the HTTP receivers took or refused.',
        '# TYPE vigie_http_received_total counter',
        ...[...received].map(([labels, count]) => `vigie_http_received_total{${labels}} ${count}`),
        '',
      ].join('\n'),
  };
}

function renderAnswers(all: readonly Series[]): string[] {
  const name = 'vigie_http_request_seconds';
  return [
    `# HELP ${name} Time from request to answer.`,
    `# TYPE ${name} histogram`,
    ...all.flatMap((series) => [
      ...BUCKETS_SECONDS.map(
        (limit, index) => `${name}_bucket{${series.labels},le="${limit}"} ${series.buckets[index]}`,
      ),
      `${name}_bucket{${series.labels},le="+Inf"} ${series.count}`,
      `${name}_sum{${series.labels}} ${series.sumSeconds}`,
      `${name}_count{${series.labels}} ${series.count}`,
    ]),
  ];
}

function escapeLabel(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
