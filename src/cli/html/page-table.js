// @ts-check
/** The report page's table of events: only the rows in view are in the document, however many there are. */
import {
  chosenSamples,
  data,
  decided,
  el,
  LEVELS,
  levelBadge,
  moment,
  number,
  onChange,
  say,
  titleOf,
} from './page-core.js';

const ROW = 34;
const VIEW_ROWS = 16;

/** @typedef {{ finding: any, index: number, sample: any }} Row */

const COLUMNS = [
  { word: 'time', key: (/** @type {Row} */ row) => row.sample.at },
  { word: 'level', key: (/** @type {Row} */ row) => LEVELS.indexOf(row.finding.rule.level) },
  { word: 'rule', key: (/** @type {Row} */ row) => titleOf(row.finding.rule) },
  { word: 'host', key: (/** @type {Row} */ row) => row.sample.host },
  { word: 'user', key: (/** @type {Row} */ row) => row.sample.user },
  { word: 'decided', key: (/** @type {Row} */ row) => row.sample.deciding[0]?.value ?? '' },
  { word: 'file', key: (/** @type {Row} */ row) => row.sample.path },
];

/** @returns {any} */
export function samplesSection() {
  let sortAt = 0;
  let isDown = false;
  let cursor = 0;
  /** @type {Row[]} */
  let rows = [];
  const title = el('h2', { id: 'h-samples' });
  const hint = el('p', { class: 'hint' });
  const headRow = el('tr', { 'aria-rowindex': '1' });
  const tbody = el('tbody', {});
  const table = el(
    'table',
    { class: 'grid', 'aria-labelledby': 'h-samples' },
    el('thead', {}, headRow),
    tbody,
  );
  const view = el(
    'div',
    { class: 'view', tabindex: '0', role: 'region', 'aria-labelledby': 'h-samples' },
    table,
  );
  view.style.maxHeight = `${ROW * VIEW_ROWS + 40}px`;

  function spacer(/** @type {number} */ count) {
    const cell = el('td', { colspan: String(COLUMNS.length) });
    cell.style.height = `${count * ROW}px`;
    return el('tr', { class: 'spacer', 'aria-hidden': 'true' }, cell);
  }
  function paint() {
    const first = Math.max(0, Math.floor(view.scrollTop / ROW) - 5);
    const last = Math.min(rows.length, first + VIEW_ROWS + 12);
    const lines = rows.slice(first, last).map((row, at) => line(row, first + at));
    tbody.replaceChildren(spacer(first), ...lines, spacer(rows.length - last));
  }
  function line(/** @type {Row} */ row, /** @type {number} */ at) {
    const { sample, finding } = row;
    const deciding = sample.deciding[0];
    const cells = [
      moment(sample.at),
      levelBadge(finding.rule.level),
      titleOf(finding.rule),
      el('bdi', {}, sample.host),
      el('bdi', {}, sample.user),
      deciding === undefined ? '' : decided(deciding, 120),
      el('bdi', {}, sample.line === undefined ? sample.path : `${sample.path}:${sample.line}`),
    ];
    return el(
      'tr',
      { class: at === cursor ? 'cursor' : '', 'aria-rowindex': String(at + 2), onclick: () => pick(at) },
      ...cells.map((cell) => el('td', {}, el('div', {}, cell))),
    );
  }
  function pick(/** @type {number} */ at) {
    cursor = at;
    paint();
    const row = rows[at];
    if (row !== undefined) showEvent(row);
  }
  function move(/** @type {number} */ by) {
    cursor = Math.min(rows.length - 1, Math.max(0, cursor + by));
    const top = cursor * ROW;
    if (top < view.scrollTop) view.scrollTop = top;
    if (top > view.scrollTop + ROW * (VIEW_ROWS - 2)) view.scrollTop = top - ROW * (VIEW_ROWS - 2);
    paint();
  }
  function heads() {
    headRow.replaceChildren(
      ...COLUMNS.map(({ word }, at) =>
        el(
          'th',
          { scope: 'col', 'aria-sort': at === sortAt ? (isDown ? 'descending' : 'ascending') : 'none' },
          el(
            'button',
            { type: 'button', class: 'sort', onclick: () => sortBy(at) },
            say(word),
            el('span', { 'aria-hidden': 'true' }, at === sortAt ? (isDown ? ' ▼' : ' ▲') : ''),
          ),
        ),
      ),
    );
  }
  function sortBy(/** @type {number} */ at) {
    isDown = at === sortAt ? !isDown : false;
    sortAt = at;
    draw();
  }
  function draw() {
    const key = COLUMNS[sortAt]?.key ?? (() => '');
    rows = chosenSamples().sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      return (x < y ? -1 : x > y ? 1 : 0) * (isDown ? -1 : 1);
    });
    cursor = 0;
    view.scrollTop = 0;
    const total = data.findings.reduce(
      (/** @type {number} */ sum, /** @type {any} */ one) => sum + one.samples.length,
      0,
    );
    const note = say('shown').replace('{n}', number(rows.length)).replace('{total}', number(total));
    title.replaceChildren(say('samples'), ' ', el('small', { role: 'status' }, note));
    hint.replaceChildren(say('samplesHelp'));
    table.setAttribute('aria-rowcount', String(rows.length + 1));
    heads();
    paint();
  }
  view.addEventListener('scroll', paint, { passive: true });
  view.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: VIEW_ROWS, PageUp: -VIEW_ROWS }[event.key];
    if (by !== undefined) move(by);
    else if (event.key === 'Enter' && event.target === view) pick(cursor);
    else return;
    event.preventDefault();
  });
  onChange(draw);
  draw();
  return el('section', { id: 'samples', 'aria-labelledby': 'h-samples' }, title, hint, view);
}

/** @param {Row} row */
function showEvent({ finding, sample }) {
  const fields = Object.entries(sample.fields);
  const lines = fields.map(([name, value]) => {
    const deciding = sample.deciding.find(
      (/** @type {any} */ one) => one.field === name && one.value === value,
    );
    const shown = deciding === undefined ? String(value) : decided({ ...deciding, field: '' }, 5000);
    return el(
      'tr',
      { class: deciding === undefined ? '' : 'hit' },
      el('th', { scope: 'row' }, name),
      el('td', {}, shown),
    );
  });
  const dialog = el(
    'dialog',
    { 'aria-labelledby': 'h-event' },
    el('button', { type: 'button', class: 'close', onclick: () => dialog.close() }, say('close')),
    el('h2', { id: 'h-event' }, levelBadge(finding.rule.level), ' ', titleOf(finding.rule)),
    el(
      'p',
      { class: 'meta' },
      [moment(sample.at), sample.host, sample.user].filter((part) => part !== '').join(' · '),
    ),
    el(
      'p',
      { class: 'meta' },
      sample.line === undefined ? `${sample.path} @${sample.offset}` : `${sample.path}:${sample.line}`,
    ),
    ...sample.deciding.map((/** @type {any} */ one) => el('p', { class: 'code' }, decided(one, 5000))),
    el('h3', {}, say('fields')),
    fields.length === 0
      ? el('p', {}, say('noFields'))
      : el('table', { class: 'fields' }, el('tbody', {}, ...lines)),
  );
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
