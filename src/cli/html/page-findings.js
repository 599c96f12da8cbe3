// @ts-check
/** The report page's lists: findings by tactic, machines and accounts, health of the logs, what was not seen. */
import {
  bytes,
  change,
  chosenSamples,
  data,
  decided,
  duration,
  el,
  isChosen,
  LEVELS,
  levelBadge,
  moment,
  number,
  onChange,
  say,
  sayOf,
  state,
  titleOf,
} from './page-core.js';

/** Rule ids whose details are open, kept over redraws. */
const open = new Set();

/** @returns {any} */
export function findingsSection() {
  const body = el('div', { id: 'findings', tabindex: '-1' });
  const draw = () => {
    const withSamples = new Set(chosenSamples().map(({ index }) => index));
    const chosen = data.findings
      .map((/** @type {any} */ finding, /** @type {number} */ index) => ({ finding, index }))
      .filter((/** @type {any} */ one) => isChosen(one.finding, one.index, withSamples));
    const note = say('shown')
      .replace('{n}', number(chosen.length))
      .replace('{total}', number(data.findings.length));
    body.replaceChildren(el('h2', { id: 'h-findings' }, say('findings'), ' ', el('small', {}, note)));
    if (data.findings.length === 0) body.append(el('p', { class: 'strong' }, say('noFindings')));
    else if (chosen.length === 0) body.append(el('p', {}, say('noneLeft')));
    for (const tactic of data.tactics) {
      const inTactic = chosen.filter((/** @type {any} */ one) => one.finding.tactic === tactic.slug);
      if (inTactic.length === 0) continue;
      body.append(el('h3', {}, tactic[state.lang]));
      for (const one of inTactic) body.append(findingItem(one.finding, one.index));
    }
  };
  onChange(draw);
  draw();
  return el('section', { 'aria-labelledby': 'h-findings' }, body);
}

/**
 * @param {any} finding
 * @param {number} index
 */
function findingItem(finding, index) {
  const { rule } = finding;
  const content = el('div', { class: 'inside' });
  const item = el(
    'details',
    {
      class: `finding ${rule.level}`,
      ontoggle: () => {
        if (item.open) {
          open.add(rule.id);
          if (content.childElementCount === 0) content.append(...findingDetails(finding, index));
        } else open.delete(rule.id);
      },
    },
    el(
      'summary',
      {},
      levelBadge(rule.level),
      el('span', { class: 'name' }, titleOf(rule)),
      finding.noisy ? el('span', { class: 'tag' }, say('noisy')) : null,
      el('span', { class: 'who' }, whoText(finding)),
      el('span', { class: 'count' }, `×\u202f${number(finding.count)}`),
    ),
    content,
  );
  if (open.has(rule.id)) item.open = true;
  return item;
}

/** @param {any} finding */
function whoText(finding) {
  const some = (/** @type {any[]} */ list, /** @type {number} */ total) => {
    const names = list.slice(0, 2).map((one) => one.value);
    return total > names.length ? `${names.join(', ')} +${number(total - names.length)}` : names.join(', ');
  };
  const parts = [some(finding.hosts, finding.hostCount), some(finding.users, finding.userCount)];
  return parts.filter((part) => part !== '').join(' · ');
}

/**
 * @param {any} finding
 * @param {number} index
 */
function findingDetails(finding, index) {
  const { rule } = finding;
  const list = (/** @type {string} */ word, /** @type {any} */ items, /** @type {string} */ tag) => {
    const own = items[state.lang].length > 0 ? items[state.lang] : items.en;
    return own.length === 0
      ? []
      : [el('h4', {}, say(word)), el(tag, {}, ...own.map((/** @type {string} */ one) => el('li', {}, one)))];
  };
  const why = rule.why?.[state.lang] ?? rule.description ?? '';
  const sample = finding.samples[0];
  const values = sample === undefined || sample.deciding.length === 0 ? finding.deciding : sample.deciding;
  return [
    el('p', { class: 'when' }, `${moment(finding.first)} → ${moment(finding.last)}`),
    ...(why === '' ? [] : [el('h4', {}, say('why')), el('p', {}, why)]),
    ...(values.length === 0
      ? []
      : [
          el('h4', {}, say('decided')),
          ...values.slice(0, 6).map((/** @type {any} */ one) => el('p', { class: 'code' }, decided(one))),
        ]),
    ...list('next', rule.checkNext, 'ol'),
    ...list('innocent', rule.innocent, 'ul'),
    el(
      'p',
      { class: 'meta' },
      [...rule.techniques, rule.status ?? '', rule.id, rule.path].filter((part) => part !== '').join(' · '),
    ),
    el(
      'button',
      {
        type: 'button',
        onclick: () => {
          change({ rule: state.rule === index ? -1 : index });
          document.getElementById('samples')?.scrollIntoView();
        },
      },
      say('onlyThis'),
    ),
  ];
}

/** @returns {any} */
export function entitiesSection() {
  const body = el('div', { class: 'two' });
  const title = el('h2', { id: 'h-entities' });
  const draw = () => {
    title.replaceChildren(say('entities'));
    body.replaceChildren(entityTable('hosts', 'host', 'machine'), entityTable('users', 'user', 'account'));
  };
  onChange(draw);
  draw();
  return el('section', { 'aria-labelledby': 'h-entities' }, title, body);
}

/**
 * @param {'hosts' | 'users'} list
 * @param {'host' | 'user'} key
 * @param {string} word
 */
function entityTable(list, key, word) {
  /** @type {Map<string, { worst: number, rules: number, matches: number }>} */
  const rows = new Map();
  for (const finding of data.findings) {
    for (const { value, count } of finding[list]) {
      const row = rows.get(value) ?? { worst: 4, rules: 0, matches: 0 };
      const worst = Math.min(row.worst, LEVELS.indexOf(finding.rule.level));
      rows.set(value, { worst, rules: row.rules + 1, matches: row.matches + count });
    }
  }
  const top = [...rows].sort((a, b) => a[1].worst - b[1].worst || b[1].rules - a[1].rules).slice(0, 15);
  const head = ['worst', word, 'findings', 'count'].map((one) => el('th', { scope: 'col' }, say(one)));
  const lines = top.map(([name, row]) =>
    el(
      'tr',
      {},
      el('td', {}, levelBadge(LEVELS[row.worst] ?? 'low')),
      el(
        'td',
        {},
        el(
          'button',
          {
            type: 'button',
            class: 'link',
            'aria-pressed': String(state[key] === name),
            onclick: () => change({ [key]: state[key] === name ? '' : name }),
          },
          el('bdi', {}, name),
        ),
      ),
      el('td', { class: 'num' }, number(row.rules)),
      el('td', { class: 'num' }, number(row.matches)),
    ),
  );
  return el(
    'div',
    { class: 'scroll' },
    el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...lines)),
  );
}

/** Health of the logs, what was not read, blind rules, limits, files. */
export function restSection() {
  const body = el('div', {});
  const draw = () => {
    body.replaceChildren(
      ...block('health', healthLines()),
      ...block('issues', issueLines()),
      ...block('silent', silentLines()),
      ...block(
        'limits',
        data.limits.map((/** @type {any} */ limit) => limit[state.lang]),
      ),
      filesBlock(),
    );
  };
  onChange(draw);
  draw();
  return el('section', { class: 'rest' }, body);
}

/**
 * @param {string} word
 * @param {string[]} lines
 */
function block(word, lines) {
  if (lines.length === 0) return [];
  return [el('h2', {}, say(word)), el('ul', {}, ...lines.map((line) => el('li', {}, line)))];
}

function healthLines() {
  const who = (/** @type {any} */ one) => [one.host, one.channel].filter((part) => part !== '').join(' / ');
  const lines = [
    ...data.clears.map(
      (/** @type {any} */ one) => `${moment(one.at)} · ${say('cleared')} · ${who(one)} · ${one.user}`,
    ),
    ...data.gaps.map(
      (/** @type {any} */ one) =>
        `${moment(one.from)} → ${moment(one.to)} · ${say('gap')} ${duration(one.seconds)}${one.missing > 0 ? `, ${number(one.missing)} ${sayOf(one.missing, 'missing')}` : ''} · ${who(one)}`,
    ),
    ...data.clockJumps.map(
      (/** @type {any} */ one) =>
        `${moment(one.at)} · ${say('jump')} ${one.seconds < 0 ? '−' : '+'}${duration(one.seconds)} · ${who(one)}`,
    ),
  ];
  const good = lines.length === 0 && data.events > 0 ? [say('healthGood')] : [];
  return [
    ...lines,
    ...good,
    ...data.assumptions.map(
      (/** @type {any} */ one) => `${number(one.count)} ${sayOf(one.count, `${one.what}Assumed`)}`,
    ),
  ];
}

function issueLines() {
  return data.issues.map((/** @type {any} */ issue) => {
    const places = issue.places.slice(0, 5).join(', ');
    const left = issue.count - Math.min(5, issue.places.length);
    return `×\u202f${number(issue.count)} ${issue.text[state.lang]}${places === '' ? '' : ` — ${places}`}${left > 0 && places !== '' ? ` +${number(left)}` : ''}`;
  });
}

function silentLines() {
  const shown = [...data.silentRules].sort((a, b) => b.count - a.count).slice(0, 60);
  return shown.map(
    (one) =>
      `${number(one.count)} ${sayOf(one.count, one.reason === 'source' ? 'needSource' : 'needField')} ${one.missing}`,
  );
}

function filesBlock() {
  const head = ['path', 'format', 'events', 'size', 'first', 'last'].map((word) =>
    el('th', { scope: 'col' }, say(word)),
  );
  const lines = data.files.map((/** @type {any} */ file) =>
    el(
      'tr',
      {},
      el('td', {}, el('bdi', {}, file.path)),
      el('td', {}, file.format),
      el('td', { class: 'num' }, number(file.events)),
      el('td', { class: 'num' }, bytes(file.bytes)),
      el('td', {}, moment(file.first)),
      el('td', {}, moment(file.last)),
    ),
  );
  return el(
    'details',
    { class: 'files' },
    el('summary', {}, `${say('filesTitle')} (${number(data.files.length)})`),
    el(
      'div',
      { class: 'scroll' },
      el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...lines)),
    ),
  );
}
