// @ts-check
/** The report page's charts: the timeline with its brush, and the heat map of tactics and machines. */
import { change, data, el, LEVELS, number, onChange, say, state, svg } from './page-core.js';

const WIDTH = 1000;
const HEIGHT = 150;
const BASE = 128;
const EVENTS_TOP = 96;
const SIGNALS_HEIGHT = 92;

/** @returns {any} the section, redrawn on change */
export function timelineSection() {
  const body = el('div', {});
  const section = el('section', { 'aria-labelledby': 'h-timeline' }, body);
  const draw = () => {
    body.replaceChildren(el('h2', { id: 'h-timeline' }, say('timeline')));
    if (data.timeline === undefined) body.append(el('p', {}, say('noTimeline')));
    else body.append(chart(), legend(), el('p', { class: 'hint' }, say('timelineHelp')));
  };
  onChange(draw);
  draw();
  return section;
}

function legend() {
  const items = LEVELS.filter((level) =>
    data.timeline.signals[level].some((/** @type {number} */ n) => n > 0),
  );
  return el(
    'p',
    { class: 'legend' },
    el('span', { class: 'swatch all' }),
    say('allEvents'),
    ...items.flatMap((level) => [
      el('span', { class: `swatch ${level}` }),
      data.levelNames[level][state.lang],
    ]),
  );
}

function chart() {
  const { startMs, bucketMs, events } = data.timeline;
  const total = events.length * bucketMs;
  const xOf = (/** @type {number} */ ms) => (Math.min(Math.max(ms - startMs, 0), total) / total) * WIDTH;
  const label = `${say('timeline')} ${stamp(startMs)} – ${stamp(startMs + total)}`;
  const root = svg(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      class: 'timeline',
      tabindex: '0',
      role: 'img',
      'aria-label': label,
      preserveAspectRatio: 'none',
    },
    eventsArea(events),
    signalBars(events.length),
    svg('line', { x1: 0, x2: WIDTH, y1: BASE, y2: BASE, class: 'axis' }),
  );
  const selection = svg('rect', { y: 0, height: BASE, class: 'brush' });
  if (state.from !== Number.NEGATIVE_INFINITY) {
    selection.setAttribute('x', String(xOf(state.from)));
    selection.setAttribute('width', String(Math.max(1, xOf(state.to) - xOf(state.from))));
  }
  root.append(selection);
  addBrush(root, selection);
  root.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => moveBrush(event));
  return el('div', { class: 'chart' }, root, ticks(startMs, total));
}

/** @param {number[]} events */
function eventsArea(events) {
  const top = Math.max(1, ...events);
  const step = WIDTH / events.length;
  const points = events.map(
    (n, at) => `L${(at * step).toFixed(1)} ${(BASE - (n / top) * EVENTS_TOP).toFixed(1)}h${step.toFixed(2)}`,
  );
  return svg('path', { d: `M0 ${BASE}${points.join('')}L${WIDTH} ${BASE}Z`, class: 'events' });
}

/** @param {number} count */
function signalBars(count) {
  const { signals } = data.timeline;
  const totals = Array.from({ length: count }, (_, at) =>
    LEVELS.reduce((sum, level) => sum + (signals[level][at] ?? 0), 0),
  );
  const top = Math.sqrt(Math.max(1, ...totals));
  const step = WIDTH / count;
  const group = svg('g', {});
  totals.forEach((sum, at) => {
    if (sum === 0) return;
    const scale = Math.max(6, (Math.sqrt(sum) / top) * SIGNALS_HEIGHT) / sum;
    let y = BASE;
    for (const level of LEVELS) {
      const n = signals[level][at] ?? 0;
      if (n === 0) continue;
      y -= n * scale;
      group.append(
        svg('rect', {
          x: (at * step).toFixed(1),
          y: y.toFixed(1),
          width: Math.max(2.5, step * 0.8).toFixed(1),
          height: (n * scale).toFixed(1),
          class: `bar ${level}`,
        }),
      );
    }
  });
  return group;
}

/** @param {number} ms */
function stamp(ms) {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

/**
 * @param {number} startMs
 * @param {number} total
 */
function ticks(startMs, total) {
  // Within a year of logs the day and hour tell more than the year.
  const isOneYear = total < 300 * 86_400_000;
  const marks = Array.from({ length: 5 }, (_, at) => stamp(startMs + (total * at) / 4));
  return el(
    'div',
    { class: 'ticks', 'aria-hidden': 'true' },
    ...marks.map((mark, at) =>
      el('span', {}, at === 0 || at === 4 ? mark : isOneYear ? mark.slice(5) : mark.slice(0, 10)),
    ),
  );
}

/**
 * @param {any} root
 * @param {any} selection
 */
function addBrush(root, selection) {
  let anchor = -1;
  const share = (/** @type {PointerEvent} */ event) => {
    const box = root.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  root.addEventListener('pointerdown', (/** @type {PointerEvent} */ event) => {
    anchor = share(event);
    root.setPointerCapture(event.pointerId);
  });
  root.addEventListener('pointermove', (/** @type {PointerEvent} */ event) => {
    if (anchor === -1) return;
    const [from, to] = [anchor, share(event)].sort((a, b) => a - b);
    selection.setAttribute('x', String(Number(from) * WIDTH));
    selection.setAttribute('width', String((Number(to) - Number(from)) * WIDTH));
  });
  root.addEventListener('pointerup', (/** @type {PointerEvent} */ event) => {
    if (anchor === -1) return;
    const [from, to] = [anchor, share(event)].sort((a, b) => a - b);
    anchor = -1;
    keepShare(Number(from), Number(to));
  });
}

/**
 * @param {number} from
 * @param {number} to
 */
function keepShare(from, to) {
  const { startMs, bucketMs, events } = data.timeline;
  const first = Math.floor(from * events.length);
  const last = Math.ceil(to * events.length);
  if (to - from < 0.004) change({ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY });
  else change({ from: startMs + first * bucketMs, to: startMs + last * bucketMs });
}

/** @param {KeyboardEvent} event */
function moveBrush(event) {
  const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const { startMs, bucketMs, events } = data.timeline;
  const isSet = state.from !== Number.NEGATIVE_INFINITY;
  const from = isSet ? state.from : startMs;
  const to = isSet ? state.to : startMs + bucketMs * Math.ceil(events.length / 10);
  const by = step * bucketMs;
  if (event.shiftKey) change({ from, to: Math.max(from + bucketMs, to + by) });
  else change({ from: from + by, to: to + by });
  /** @type {any} */ (document.querySelector('svg.timeline'))?.focus();
}

const MOST_ROWS = 25;

/** @returns {any} */
export function heatSection() {
  const body = el('div', {});
  const draw = () => {
    body.replaceChildren(
      el('h2', { id: 'h-heat' }, say('heat')),
      el('p', { class: 'hint' }, say('heatHelp')),
      heatTable(),
    );
  };
  onChange(draw);
  draw();
  return el('section', { 'aria-labelledby': 'h-heat', class: 'heat' }, body);
}

/** Machine → tactic → what matched there. */
function heatRows() {
  /** @type {Map<string, { weight: number, cells: Map<string, { rules: number, worst: number }> }>} */
  const rows = new Map();
  for (const finding of data.findings) {
    if (finding.noisy) continue;
    const worst = LEVELS.indexOf(finding.rule.level);
    const hosts =
      finding.hosts.length > 0 ? finding.hosts.map((/** @type {any} */ host) => host.value) : [''];
    for (const host of hosts) {
      const row = rows.get(host) ?? { weight: 0, cells: new Map() };
      const cell = row.cells.get(finding.tactic) ?? { rules: 0, worst: 4 };
      row.weight += (5 - worst) ** 3;
      row.cells.set(finding.tactic, { rules: cell.rules + 1, worst: Math.min(cell.worst, worst) });
      rows.set(host, row);
    }
  }
  return [...rows].sort((a, b) => b[1].weight - a[1].weight).slice(0, MOST_ROWS);
}

function heatTable() {
  const rows = heatRows();
  const used = data.tactics.filter((/** @type {any} */ tactic) =>
    rows.some(([, row]) => row.cells.has(tactic.slug)),
  );
  if (rows.length === 0) return el('p', {}, say('noneLeft'));
  const head = el(
    'tr',
    {},
    el('th', { scope: 'col' }, say('machine')),
    ...used.map((/** @type {any} */ tactic) =>
      el('th', { scope: 'col', class: 'tactic' }, el('span', {}, tactic[state.lang])),
    ),
  );
  const body = rows.map(([host, row]) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row' }, el('bdi', {}, host === '' ? say('unnamed') : host)),
      ...used.map((/** @type {any} */ tactic) => heatCell(host, tactic, row.cells.get(tactic.slug))),
    ),
  );
  return el(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': 'h-heat' },
    el('table', {}, el('thead', {}, head), el('tbody', {}, ...body)),
  );
}

/**
 * @param {string} host
 * @param {any} tactic
 * @param {{ rules: number, worst: number } | undefined} cell
 */
function heatCell(host, tactic, cell) {
  if (cell === undefined) return el('td', {});
  const level = LEVELS[cell.worst] ?? 'low';
  const isOn = state.host === host && state.tactic === tactic.slug;
  const label = `${host}, ${tactic[state.lang]}: ${number(cell.rules)}, ${data.levelNames[level][state.lang]}`;
  return el(
    'td',
    {},
    el(
      'button',
      {
        type: 'button',
        class: `cell ${level}`,
        'aria-pressed': String(isOn),
        'aria-label': label,
        title: label,
        onclick: () => change(isOn ? { host: '', tactic: '' } : { host, tactic: tactic.slug }),
      },
      number(cell.rules),
    ),
  );
}
