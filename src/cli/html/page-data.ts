/**
 * What the report page is given: the summary without what it does not show, sentences in both languages, and a bound
 * on its size. Pure. The page builds everything from this one object and trusts none of its text.
 */
import { fillText } from '../../model/counted.ts';
import type { HuntSummary, SignalSample } from '../../model/hunt.ts';
import { renderIssue, renderPlace } from '../../model/issue.ts';
import type { Bilingual, Lang } from '../../model/lang.ts';
import { HTML_TEXTS } from '../i18n/html-texts.ts';
import { LEVEL_NAMES, mainTactic, TACTICS } from '../i18n/tactics.ts';

const MOST_SAMPLES = 20_000;
const MOST_FIELD_CHARS = 24_000_000;
const MOST_FILES = 2_000;

interface Budget {
  samples: number;
  fieldChars: number;
  cutSamples: number;
  cutFields: number;
}

/** The object of the page's JSON block. */
export function toPageData(summary: HuntSummary, lang: Lang): Readonly<Record<string, unknown>> {
  const budget: Budget = { samples: MOST_SAMPLES, fieldChars: MOST_FIELD_CHARS, cutSamples: 0, cutFields: 0 };
  const { issues, silentRules, findings, files, ...plain } = summary;
  const shown = findings.map((finding) => ({
    ...finding,
    tactic: mainTactic(finding.rule.tactics),
    samples: keepSamples(finding.samples, budget),
  }));
  return {
    ...plain,
    lang,
    findings: shown,
    files: files.slice(0, MOST_FILES),
    issues: issues.map(toIssue),
    silentRules,
    limits: [...summary.limits, ...cutNotes(budget)],
    texts: HTML_TEXTS,
    levelNames: LEVEL_NAMES,
    tactics: TACTICS,
  };
}

function keepSamples(samples: readonly SignalSample[], budget: Budget): SignalSample[] {
  const kept = samples.slice(0, budget.samples);
  budget.samples -= kept.length;
  budget.cutSamples += samples.length - kept.length;
  return kept.map((sample) => {
    const size = Object.entries(sample.fields).reduce(
      (sum, [name, value]) => sum + name.length + value.length,
      0,
    );
    budget.fieldChars -= size;
    if (budget.fieldChars >= 0) return sample;
    budget.cutFields += 1;
    return { ...sample, fields: {} };
  });
}

function cutNotes(budget: Budget): Bilingual[] {
  const note = (word: 'cutSamples' | 'cutFields', n: number): Bilingual[] =>
    n === 0
      ? []
      : [
          {
            en: fillText(HTML_TEXTS.en[word], { n }, 'en'),
            fr: fillText(HTML_TEXTS.fr[word], { n }, 'fr'),
          },
        ];
  return [...note('cutSamples', budget.cutSamples), ...note('cutFields', budget.cutFields)];
}

function toIssue(group: HuntSummary['issues'][number]): unknown {
  const first = group.samples[0];
  const text = (lang: Lang): string => (first === undefined ? '' : renderIssue(first, lang));
  return {
    count: group.count,
    text: { en: text('en'), fr: text('fr') },
    places: group.samples.map((issue) => renderPlace(issue.place)).filter((place) => place !== ''),
  };
}

/** JSON that cannot end its script element nor hold a line end that older engines refuse. */
export function toScriptJson(data: unknown): string {
  return JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
