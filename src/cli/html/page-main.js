// @ts-check
/** The report page, put together: head, filters, sections, keyboard, theme, printing. */
import { heatSection, timelineSection } from './page-charts.js';
import {
  bytes,
  change,
  clearFilters,
  data,
  duration,
  el,
  LEVELS,
  levelBadge,
  moment,
  number,
  onChange,
  say,
  sayOf,
  state,
} from './page-core.js';
import { entitiesSection, findingsSection, restSection } from './page-findings.js';
import { samplesSection } from './page-table.js';

function headSection() {
  const body = el('div', { class: 'head' });
  const draw = () => {
    document.documentElement.lang = state.lang;
    document.title = `Vigie · ${say('title')}`;
    body.replaceChildren(
      el(
        'div',
        {},
        el('p', { class: 'brand' }, 'VIGIE ', el('small', {}, data.version)),
        el('h1', {}, say('title')),
        el('p', { class: 'period' }, periodText()),
      ),
      el(
        'div',
        { class: 'switches' },
        el(
          'div',
          { role: 'group', 'aria-label': say('language') },
          ...['fr', 'en'].map((lang) =>
            el(
              'button',
              {
                type: 'button',
                lang,
                'aria-pressed': String(state.lang === lang),
                onclick: () => change({ lang }),
              },
              lang === 'fr' ? 'Français' : 'English',
            ),
          ),
        ),
        el('button', { type: 'button', onclick: switchTheme }, say('theme')),
      ),
    );
  };
  onChange(draw);
  draw();
  return el('header', {}, body);
}

function periodText() {
  const { events, first, last } = data.outside;
  const range = first === '' ? '' : `: ${moment(first)} → ${moment(last)}`;
  const left = events === 0 ? '' : ` · ${number(events)} ${sayOf(events, 'outside')}${range}`;
  if (data.first === '') return say(data.events === 0 ? 'noEvents' : 'noTime') + left;
  const seconds = (Date.parse(data.last) - Date.parse(data.first)) / 1000;
  return `${say('period')} ${moment(data.first)} → ${moment(data.last)} · ${duration(seconds)}${left}`;
}

function switchTheme() {
  const root = document.documentElement;
  const isDark =
    root.dataset.theme === 'dark' ||
    (root.dataset.theme === undefined && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = isDark ? 'light' : 'dark';
}

function overviewSection() {
  const body = el('div', {});
  const fact = (/** @type {string} */ value, /** @type {string} */ word, /** @type {string} */ note = '') =>
    el(
      'div',
      { class: 'fact' },
      el('strong', {}, value),
      el('span', {}, word),
      note === '' ? null : el('em', {}, note),
    );
  const draw = () => {
    const counts = LEVELS.map((level) => ({
      level,
      n: data.findings.filter((/** @type {any} */ one) => one.rule.level === level).length,
    }));
    body.replaceChildren(
      el('h2', { id: 'h-overview', class: 'hidden' }, say('overview')),
      ...(data.interrupted ? [el('p', { class: 'strong' }, say('interrupted'))] : []),
      el(
        'div',
        { class: 'facts' },
        fact(
          number(data.findings.length),
          sayOf(data.findings.length, 'findings').toLowerCase(),
          `${number(data.signals)} ${sayOf(data.signals, 'matches')}`,
        ),
        fact(number(data.events), sayOf(data.events, 'events'), bytes(data.bytes)),
        fact(
          number(data.filesRead),
          sayOf(data.filesRead, 'files'),
          data.filesUnread > 0 ? `${number(data.filesUnread)} ${sayOf(data.filesUnread, 'unread')}` : '',
        ),
        fact(number(data.hostCount), sayOf(data.hostCount, 'machines')),
        fact(number(data.userCount), sayOf(data.userCount, 'accounts')),
        fact(
          number(data.rulesLoaded),
          sayOf(data.rulesLoaded, 'rules'),
          data.rulesRefused > 0 ? `${number(data.rulesRefused)} ${sayOf(data.rulesRefused, 'refused')}` : '',
        ),
      ),
      el(
        'p',
        { class: 'levels' },
        ...counts
          .filter(({ n }) => n > 0)
          .map(({ level, n }) => el('span', {}, levelBadge(level), ` ${number(n)}`)),
      ),
    );
  };
  onChange(draw);
  draw();
  return el('section', { 'aria-labelledby': 'h-overview' }, body);
}

function filtersBar() {
  const search = el('input', { type: 'search', id: 'search', autocomplete: 'off', spellcheck: 'false' });
  const label = el('label', { for: 'search', class: 'hidden' });
  const levels = el('div', { role: 'group', class: 'level-filter' });
  const chips = el('div', { class: 'chips' });
  /** @type {any} */
  let timer;
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => change({ text: search.value }), 150);
  });
  const draw = () => {
    label.replaceChildren(say('search'));
    search.placeholder = `${say('search')} (${say('searchHint')})`;
    if (search.value !== state.text && document.activeElement !== search) search.value = state.text;
    if (state.text === '' && search.value !== '' && document.activeElement !== search) search.value = '';
    levels.setAttribute('aria-label', say('levels'));
    levels.replaceChildren(
      ...LEVELS.map((level) =>
        el(
          'button',
          {
            type: 'button',
            'aria-pressed': String(state.levels.has(level)),
            onclick: () => toggleLevel(level),
          },
          levelBadge(level),
        ),
      ),
    );
    chips.replaceChildren(...chipList());
  };
  onChange(draw);
  draw();
  return el('div', { class: 'filters', role: 'search' }, label, search, levels, chips);
}

/** @param {string} level */
function toggleLevel(level) {
  const levels = new Set(state.levels);
  if (!levels.delete(level)) levels.add(level);
  change({ levels });
}

function chipList() {
  const chip = (/** @type {string} */ text, /** @type {any} */ patch) =>
    el('button', { type: 'button', class: 'chip', onclick: () => change(patch) }, text, ' ✕');
  const stamp = (/** @type {number} */ ms) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
  const tactic = data.tactics.find((/** @type {any} */ one) => one.slug === state.tactic);
  const chips = [
    ...(state.from === Number.NEGATIVE_INFINITY
      ? []
      : [
          chip(`${stamp(state.from)} → ${stamp(state.to)}`, {
            from: Number.NEGATIVE_INFINITY,
            to: Number.POSITIVE_INFINITY,
          }),
        ]),
    ...(state.host === '' ? [] : [chip(state.host, { host: '' })]),
    ...(state.user === '' ? [] : [chip(state.user, { user: '' })]),
    ...(tactic === undefined ? [] : [chip(tactic[state.lang], { tactic: '' })]),
    ...(state.rule === -1 ? [] : [chip(data.findings[state.rule].rule.title, { rule: -1 })]),
  ];
  const isFiltered = chips.length > 0 || state.text !== '' || state.levels.size < LEVELS.length;
  return isFiltered ? [...chips, el('button', { type: 'button', onclick: clearAll }, say('clear'))] : [];
}

function clearAll() {
  const search = /** @type {HTMLInputElement | null} */ (document.getElementById('search'));
  if (search !== null) search.value = '';
  clearFilters();
}

function addKeys() {
  document.addEventListener('keydown', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const isTyping = target.matches('input, textarea, select');
    if (event.key === '/' && !isTyping) {
      event.preventDefault();
      document.getElementById('search')?.focus();
    }
    if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) {
      target.blur();
      clearAll();
    }
  });
}

/** On paper everything is open. */
function addPrinting() {
  addEventListener('beforeprint', () => {
    for (const item of document.querySelectorAll('details')) item.open = true;
  });
}

function footer() {
  const body = el('footer', {});
  const draw = () =>
    body.replaceChildren(
      el('p', {}, say('offline')),
      el('p', {}, `${say('madeBy')} ${data.version} · ${moment(data.startedAt)} UTC`),
    );
  onChange(draw);
  draw();
  return body;
}

function skipLink() {
  const link = el('a', { class: 'skip', href: '#findings' });
  const draw = () => link.replaceChildren(say('skip'));
  onChange(draw);
  draw();
  return link;
}

document.body.append(
  skipLink(),
  headSection(),
  el(
    'main',
    {},
    overviewSection(),
    timelineSection(),
    filtersBar(),
    heatSection(),
    findingsSection(),
    entitiesSection(),
    samplesSection(),
    restSection(),
  ),
  footer(),
);
addKeys();
addPrinting();
