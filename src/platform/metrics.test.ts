/** The metrics as Prometheus reads them. */
import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

it('writes counters, gauges and histograms with their labels', () => {
  const metrics = createMetrics();
  const events = metrics.counter('events_total', 'Events.');
  events.add(2, { source: 'a"b' });
  events.add(1, { source: 'a"b' });
  const bytes = metrics.gauge('bytes', 'Bytes.');
  metrics.onCollect(() => bytes.set(7));
  const lag = metrics.histogram('lag_seconds', 'Lag.', [1, 5]);
  for (const value of [0.5, 2, 9]) lag.observe(value);
  expect(metrics.text()).toBe(`# HELP events_total Events.
# TYPE events_total counter
events_total{source="a\\"b"} 3
# HELP bytes Bytes.
# TYPE bytes gauge
bytes 7
# HELP lag_seconds Lag.
# TYPE lag_seconds histogram
lag_seconds_bucket{le="1"} 1
lag_seconds_bucket{le="5"} 2
lag_seconds_bucket{le="+Inf"} 3
lag_seconds_sum 11.5
lag_seconds_count 3
`);
});

it('keeps the number of series of a family bounded', () => {
  const metrics = createMetrics();
  const events = metrics.counter('events_total', 'Events.');
  for (let index = 0; index < 5_000; index++) events.add(1, { source: `s${index}` });
  expect(metrics.text().split('\n').length).toBeLessThan(2_010);
  expect(events.value({ source: 'other' })).toBe(3_000);
});
