/** What a hunt must say when one of its limits was reached: nothing is cut in silence. Sentences only. */

import type { Counter } from '../../../lib/counter.ts';
import { agreeing, counted } from '../../../model/counted.ts';
import type { Bilingual } from '../../../model/lang.ts';
import type { Tally } from './tally.ts';

export interface LimitFacts {
  /** Matches left out of correlations, and how many are kept at most. */
  readonly rowsDropped: number;
  readonly rowsKept: number;
  /** Gaps found beyond those listed. */
  readonly gapsLeftOut: number;
}

/** @example limitsOf(tally, facts).map((limit) => limit.en) */
export function limitsOf(tally: Tally, facts: LimitFacts): Bilingual[] {
  const limits: Bilingual[] = [];
  const say = (isReached: boolean, en: string, fr: string): void => {
    if (isReached) limits.push({ en, fr });
  };
  const { rowsDropped, rowsKept, gapsLeftOut } = facts;
  say(
    rowsDropped > 0,
    `${counted.en(rowsDropped, 'match was', 'matches were')} left out of correlations (at most ${rowsKept} are kept)`,
    `${counted.fr(rowsDropped, 'correspondance laissée', 'correspondances laissées')} hors des corrélations (${rowsKept} au plus)`,
  );
  say(
    tally.streams.overflow > 0,
    'too many hosts and channels: some were not checked for gaps',
    'trop de machines et de canaux : certains n’ont pas été examinés pour les trous',
  );
  const { minutes } = tally.streams;
  say(
    minutes > 1,
    `many machines and channels over a long time: gaps were looked for in steps of ${minutes} minutes`,
    `beaucoup de machines et de canaux sur une longue durée : trous cherchés par pas de ${minutes} minutes`,
  );
  sayCounter(tally.hosts, 'machines', 'machines');
  sayCounter(tally.users, 'accounts', 'comptes');
  sayCounter(tally.sources, 'sources', 'sources');
  const crowded = [...tally.findings.values()].filter(
    ({ hosts, users }) => hosts.overflow + users.overflow > 0,
  );
  say(
    crowded.length > 0,
    `for ${crowded.length} of the rules that matched, not every machine or account was counted`,
    `pour ${crowded.length} des règles trouvées, toutes les machines ou tous les comptes n’ont pas été comptés`,
  );
  say(
    tally.notesOverflow > 0,
    `${counted.en(tally.notesOverflow, 'more cleared log or clock jump was seen and is', 'more cleared logs or clock jumps were seen and are')} not listed`,
    `${counted.fr(tally.notesOverflow, 'autre journal effacé ou saut d’horloge a été vu et n’est pas listé', 'autres journaux effacés ou sauts d’horloge ont été vus et ne sont pas listés')}`,
  );
  say(
    gapsLeftOut > 0,
    `${counted.en(gapsLeftOut, 'more gap', 'more gaps')} in the logs ${agreeing.en(gapsLeftOut, 'was', 'were')} found; the longest are listed`,
    `${counted.fr(gapsLeftOut, 'autre trou dans les journaux a été trouvé', 'autres trous dans les journaux ont été trouvés')} ; les plus longs sont listés`,
  );
  return limits;

  function sayCounter({ counts, overflow }: Counter, en: string, fr: string): void {
    say(
      overflow > 0,
      `more than ${counts.size} ${en}: those met later are counted together (${counted.en(overflow, 'event')})`,
      `plus de ${counts.size} ${fr} : celles et ceux vus ensuite sont comptés ensemble (${counted.fr(overflow, 'évènement')})`,
    );
  }
}
