/** What `vigie intel` prints for people. Text from lists is shown without control characters. */

import type { ImportReport, Intel, IntelStatus, PollReport } from '../../areas/anticipate/index.ts';
import { counted } from '../../model/counted.ts';
import { type Issue, renderIssue, renderPlace } from '../../model/issue.ts';
import type { Indicator } from '../../model/live/intel.ts';
import type { CommandContext } from '../command.ts';

const MOST_ISSUES = 15;
/** What a warning list does to a hit. */
function actionText(action: string, { say }: CommandContext): string {
  if (action === 'suppress') return say({ en: 'suppress', fr: 'écarte' });
  return action === 'mark' ? say({ en: 'mark', fr: 'marque' }) : action;
}

function plain(line: string): string {
  return line.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ');
}

export function issueLines(
  issues: readonly Issue[],
  { say, lang }: CommandContext,
  count = issues.length,
): string[] {
  if (count === 0) return [];
  const lines = issues
    .slice(0, MOST_ISSUES)
    .map((issue) => `  ${renderPlace(issue.place)}  ${renderIssue(issue, lang)}`);
  const more = count - lines.length;
  const title = say({ en: `Could not be used (${count})`, fr: `N'a pas pu servir (${count})` });
  const rest = say({ en: `… ${more} more (--json)`, fr: `… ${counted.fr(more, 'autre')} (--json)` });
  return ['', title, ...lines, ...(more > 0 ? [`  ${rest}`] : [])].map(plain);
}

type Lists = Readonly<Awaited<ReturnType<Intel['lists']>>>;

export function listsText(lists: Lists, { say, lang }: CommandContext): string[] {
  if (lists.length === 0) {
    return [
      say({
        en: 'No list yet. Bring one in with `vigie intel import`, or enable a feed (docs/guides/add-a-feed.md).',
        fr: 'Aucune liste. Importez-en une avec `vigie intel import`, ou activez un flux (docs/guides/add-a-feed.md).',
      }),
    ];
  }
  return lists.map(({ list, rows, updatedAtMillis, origin }) =>
    plain(
      `${String(rows).padStart(9)}  ${list.id.padEnd(24)} ${list.level.padEnd(13)} ${dayOf(updatedAtMillis)}  ${list.title[lang]}  ${origin}`,
    ),
  );
}

export function statusText(status: IntelStatus, context: CommandContext): string[] {
  const { say } = context;
  const megabytes = (status.indexBytes / 1e6).toFixed(1);
  const expired = status.lists.reduce((sum, list) => sum + list.expired, 0);
  const enabled = status.feeds.filter((feed) => feed.enabled).length;
  return [
    ...listsText(status.lists, context),
    '',
    say({
      en: `${counted.en(status.indicators, 'indicator')} in the index (${megabytes} MB), ${expired} ended`,
      fr: `${counted.fr(status.indicators, 'indicateur')} dans l'index (${megabytes.replace('.', ',')} Mo), ${counted.fr(expired, 'périmé')}`,
    }),
    say({
      en: `${enabled} of ${counted.en(status.feeds.length, 'declared feed')} enabled`,
      fr: `${counted.fr(enabled, 'flux activé', 'flux activés')} sur ${counted.fr(status.feeds.length, 'déclaré')}`,
    }),
    say({
      en: `${counted.en(status.warnings.length, 'warning list')}:`,
      fr: `${counted.fr(status.warnings.length, 'liste')} d'avertissement :`,
    }),
    ...status.warnings.map(
      ({ id, action, values }) =>
        `${String(values).padStart(9)}  ${id.padEnd(40)} ${actionText(action, context)}`,
    ),
  ];
}

export function importText(report: ImportReport, context: CommandContext): string[] {
  const { say } = context;
  return [
    say({
      en: `${report.listId}: ${counted.en(report.indicators, 'indicator')} read from ${counted.en(report.files, 'file')}, the list has ${report.rows}`,
      fr: `${report.listId} : ${counted.fr(report.indicators, 'indicateur lu', 'indicateurs lus')} dans ${counted.fr(report.files, 'fichier')}, la liste en a ${report.rows}`,
    }),
    ...issueLines(report.issues, context, report.issueCount),
  ];
}

export function pollText(report: PollReport, context: CommandContext): string[] {
  const { say } = context;
  return [
    say({
      en: `${report.feedId}: ${report.indicators} new or changed, ${report.withdrawn} taken back, the list has ${report.rows}`,
      fr: `${report.feedId} : ${counted.fr(report.indicators, 'nouveau ou changé', 'nouveaux ou changés')}, ${counted.fr(report.withdrawn, 'retiré')}, la liste en a ${report.rows}`,
    }),
    ...issueLines(report.issues, context, report.issueCount),
  ];
}

export function indicatorsText(indicators: readonly Indicator[]): string[] {
  return indicators.map(({ type, value, confidence, validUntilMillis, tags, reference }) => {
    const until = validUntilMillis === undefined ? '' : ` → ${dayOf(validUntilMillis)}`;
    return plain(
      `${type.padEnd(8)} ${value}  ${confidence}${until}  ${tags.join(', ')}  ${reference ?? ''}`.trimEnd(),
    );
  });
}

export function checkText(answers: Awaited<ReturnType<Intel['check']>>, context: CommandContext): string[] {
  const { say, lang } = context;
  return answers.flatMap(({ value, hits }) => {
    if (hits.length === 0) return [plain(say({ en: `${value}: not listed`, fr: `${value} : non listée` }))];
    return hits.map(({ indicator, list, warning }) => {
      const doubt =
        warning === undefined
          ? ''
          : ` — ${say({ en: 'probably benign', fr: 'sans doute bénin' })} (${warning.title[lang]}: ${warning.entry}, ${actionText(warning.action, context)})`;
      const [row = ''] = indicatorsText([indicator]);
      return plain(`${value}${lang === 'fr' ? ' ' : ''}: ${list.title[lang]}  ${row}${doubt}`);
    });
  });
}

export function feedsText(feeds: ReturnType<Intel['feeds']>, { say, lang }: CommandContext): string[] {
  return feeds.map((feed) => {
    const state = feed.enabled
      ? say({ en: 'enabled', fr: 'activé' })
      : say({ en: 'not enabled', fr: 'non activé' });
    return plain(
      `${feed.id.padEnd(28)} ${state.padEnd(12)} ${feed.kind.padEnd(6)} ${feed.title[lang]}  ${feed.url}`,
    );
  });
}

function dayOf(millis: number): string {
  return new Date(millis).toISOString().slice(0, 10);
}
