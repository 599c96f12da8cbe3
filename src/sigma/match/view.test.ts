/** What a kind's view leaves out. */
import { describe, expect, it } from 'vitest';
import type { EventKind, LogSourceBinding } from '../../model/event.ts';
import { loadRules } from '../parse/load-rules.ts';
import { compileRules } from './compile.ts';

const RULE = `
title: Asks for a shell
logsource: { category: webserver }
detection:
  selection: { cs-method: GET, cs-uri-query|contains: cmd.exe }
  condition: selection
`;

function kindOf(bindings: readonly LogSourceBinding[]): EventKind {
  return { sourceId: 'web', sourceVersion: 1, bindings, ecsNames: [] };
}

describe('a view', () => {
  const { rules } = loadRules([{ path: 'rule.yml', text: RULE }]);
  const set = compileRules(rules.filter((rule) => rule.kind === 'detection'));

  it('has a rule once for bindings that name its fields alike', () => {
    const rename = { 'cs-method': 'method' };
    const kind = kindOf([
      { product: 'apache', category: 'webserver', rename },
      { product: 'nginx', category: 'webserver', rename: { ...rename, other: 'elsewhere' } },
      { product: 'apache', service: 'access', rename },
    ]);
    expect(set.viewOf(kind).candidates).toHaveLength(1);
  });

  it('has a rule for each binding that names them otherwise', () => {
    const kind = kindOf([
      { category: 'webserver', rename: {} },
      { category: 'webserver', rename: { 'cs-method': 'method' } },
    ]);
    expect(set.viewOf(kind).candidates).toHaveLength(2);
  });
});
