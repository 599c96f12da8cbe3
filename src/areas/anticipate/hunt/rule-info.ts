/** What a person is told about a rule, taken from its attributes and, for our own rules, from their `vigie` part. */
import { RuleExtras } from '../../../model/content/rule.ts';
import type { RuleInfo } from '../../../model/hunt.ts';
import type { SigmaRule } from '../../../model/sigma.ts';

export function describeRule(rule: SigmaRule): RuleInfo {
  const parsed = RuleExtras.safeParse(rule.custom.vigie);
  const extras = parsed.success ? parsed.data : undefined;
  return {
    id: rule.id,
    title: rule.title,
    ...(extras === undefined ? {} : { titles: extras.title, why: extras.why }),
    level: rule.level,
    kind: rule.kind,
    ...(rule.status === undefined ? {} : { status: rule.status }),
    ...(rule.description === undefined ? {} : { description: rule.description.trim() }),
    tags: rule.tags,
    tactics: attackTags(rule.tags).filter((tag) => !isTechnique(tag)),
    techniques: attackTags(rule.tags)
      .filter(isTechnique)
      .map((tag) => tag.toUpperCase()),
    innocent: extras?.innocent ?? { en: rule.falsepositives, fr: [] },
    checkNext: extras?.check_next ?? { en: [], fr: [] },
    path: rule.place.path ?? '',
  };
}

/** `attack.credential-access`, `attack.t1003.001`, `attack.credential_access` (older) → without prefix, hyphens. */
function attackTags(tags: readonly string[]): string[] {
  return tags
    .filter((tag) => tag.startsWith('attack.'))
    .map((tag) => tag.slice('attack.'.length).toLowerCase().replaceAll('_', '-'));
}

function isTechnique(tag: string): boolean {
  return /^t\d{4}(\.\d{3})?$/i.test(tag);
}
