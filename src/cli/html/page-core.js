// @ts-check
/**
 * The report page, its base: the data, the reader's language, the filters everything listens to, and the only way
 * elements are made: text becomes text nodes, never markup.
 */

/** @type {any} */
export const data = JSON.parse(document.getElementById('data')?.textContent ?? '{}');

export const LEVELS = ['critical', 'high', 'medium', 'low', 'informational'];

/** What the reader chose. Empty means everything. */
export const state = {
  lang: data.lang,
  text: '',
  /** @type {Set<string>} */ levels: new Set(LEVELS),
  from: Number.NEGATIVE_INFINITY,
  to: Number.POSITIVE_INFINITY,
  host: '',
  user: '',
  tactic: '',
  rule: -1,
};

/** @type {(() => void)[]} */
const listeners = [];

/** @param {() => void} listener called after every change of the filters or the language */
export function onChange(listener) {
  listeners.push(listener);
}

/** @param {Partial<typeof state>} patch */
export function change(patch) {
  Object.assign(state, patch);
  for (const listener of listeners) listener();
}

export function clearFilters() {
  change({
    text: '',
    levels: new Set(LEVELS),
    from: Number.NEGATIVE_INFINITY,
    to: Number.POSITIVE_INFINITY,
    host: '',
    user: '',
    tactic: '',
    rule: -1,
  });
}

/**
 * @param {string} word
 * @returns {string}
 */
export function say(word) {
  return data.texts[state.lang][word] ?? word;
}

/**
 * A word in the number that goes with `n`; none is singular in French.
 * @param {number} n
 * @param {string} word
 * @returns {string}
 */
export function sayOf(n, word) {
  return say(n === 1 || (n === 0 && state.lang === 'fr') ? `${word}1` : word);
}

/**
 * @param {string} tag
 * @param {Record<string, any>} [props] attributes; `on…` become listeners
 * @param {...(Node | string | null | undefined)} children strings become text nodes
 * @returns {any}
 */
export function el(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/**
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node | string | null | undefined)} children
 * @returns {any}
 */
export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), props, children);
}

/**
 * @param {Element} node
 * @param {Record<string, any>} props
 * @param {(Node | string | null | undefined)[]} children
 */
function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined) node.append(visible(child));
  return node;
}

/** Invisible and direction-changing characters are shown, so that a name cannot pose as another. */
/** @param {Node | string} child */
function visible(child) {
  if (typeof child !== 'string') return child;
  return child.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** @param {number} value */
export function number(value) {
  return new Intl.NumberFormat(state.lang).format(value);
}

/** @param {number} bytes */
export function bytes(bytes) {
  const units = state.lang === 'fr' ? ['o', 'ko', 'Mo', 'Go', 'To'] : ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < 4) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${new Intl.NumberFormat(state.lang, { maximumFractionDigits: digits }).format(value)}\u00a0${units[unit]}`;
}

/** @param {number} seconds */
export function duration(seconds) {
  const whole = Math.round(Math.abs(seconds));
  const parts = [
    [Math.floor(whole / 86400), state.lang === 'fr' ? 'j' : 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  const from = parts.findIndex(([value]) => Number(value) > 0);
  if (from === -1) return '0\u00a0s';
  const shown = parts.slice(from, from + 2).filter(([value]) => Number(value) > 0);
  return shown.map(([value, unit]) => `${value}\u00a0${unit}`).join(' ');
}

/** @param {string} iso */
export function moment(iso) {
  return iso === '' ? '–' : iso.slice(0, 19).replace('T', ' ');
}

/** @param {any} rule */
export function titleOf(rule) {
  return rule.titles?.[state.lang] ?? rule.title;
}

/** @param {string} level */
export function levelBadge(level) {
  const cells = 4 - LEVELS.indexOf(level);
  return el(
    'span',
    { class: `level ${level}` },
    el('span', { class: 'bar', 'aria-hidden': 'true' }, '▰'.repeat(cells) + '▱'.repeat(4 - cells)),
    data.levelNames[level][state.lang],
  );
}

/**
 * A value with the part that decided marked.
 * @param {any} deciding
 * @param {number} [most]
 */
export function decided(deciding, most = 2000) {
  const { field, value, span } = deciding;
  const [start, end] = span ?? [0, value.length];
  const from = Math.max(0, start - Math.floor(most / 3));
  const before = (from > 0 ? '…' : '') + value.slice(from, start);
  const core = value.slice(start, Math.min(end, start + most));
  const rest = value.slice(end, end + most);
  return el(
    'span',
    { class: 'decided' },
    el('span', { class: 'field' }, field),
    ' ',
    before,
    el('mark', {}, core),
    rest + (end + most < value.length ? '…' : ''),
  );
}

/** @type {Map<any, string>} */
const haystacks = new Map();

/**
 * All text of a sample, once, in lower case.
 * @param {any} finding
 * @param {any} sample
 */
function haystack(finding, sample) {
  let text = haystacks.get(sample);
  if (text === undefined) {
    const { rule } = finding;
    const own = Object.entries(sample.fields).map(([name, value]) => `${name} ${value}`);
    const titles = rule.titles === undefined ? [rule.title] : [rule.titles.en, rule.titles.fr];
    const decidedText = sample.deciding.map((/** @type {any} */ one) => one.value);
    text = [...titles, rule.id, ...rule.tags, sample.host, sample.user, sample.path, ...own, ...decidedText]
      .join('\n')
      .toLowerCase();
    haystacks.set(sample, text);
  }
  return text;
}

/** The matches that fit the filters, as `{ finding, index, sample }`. */
export function chosenSamples() {
  const words = state.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const isTimed = state.from !== Number.NEGATIVE_INFINITY;
  /** @type {{ finding: any, index: number, sample: any }[]} */
  const chosen = [];
  data.findings.forEach((/** @type {any} */ finding, /** @type {number} */ index) => {
    if (!state.levels.has(finding.rule.level)) return;
    if (state.rule !== -1 && state.rule !== index) return;
    if (state.tactic !== '' && state.tactic !== finding.tactic) return;
    for (const sample of finding.samples) {
      if (state.host !== '' && state.host !== sample.host) continue;
      if (state.user !== '' && state.user !== sample.user) continue;
      if (isTimed && !isWithin(sample.at)) continue;
      if (words.length > 0 && !hasAll(haystack(finding, sample), words)) continue;
      chosen.push({ finding, index, sample });
    }
  });
  return chosen;
}

/**
 * @param {string} text
 * @param {string[]} words
 */
function hasAll(text, words) {
  return words.every((word) => text.includes(word));
}

/** @param {string} iso */
function isWithin(iso) {
  const at = Date.parse(iso);
  return at >= state.from && at < state.to;
}

/**
 * Does a finding fit the filters? Its listed machines and its period count as well as its kept samples.
 * @param {any} finding
 * @param {number} index
 * @param {Set<number>} withSamples indexes of the findings that have a chosen sample
 */
export function isChosen(finding, index, withSamples) {
  if (withSamples.has(index)) return true;
  if (!state.levels.has(finding.rule.level) || (state.rule !== -1 && state.rule !== index)) return false;
  if (state.tactic !== '' && state.tactic !== finding.tactic) return false;
  if (state.text !== '') return false;
  const isNamed = (/** @type {any[]} */ list, /** @type {string} */ name) =>
    name === '' || list.some((one) => one.value === name);
  if (!isNamed(finding.hosts, state.host) || !isNamed(finding.users, state.user)) return false;
  if (state.from === Number.NEGATIVE_INFINITY) return true;
  return (
    finding.count > finding.samples.length &&
    Date.parse(finding.last) >= state.from &&
    Date.parse(finding.first) < state.to
  );
}
