/** MITRE ATT&CK as Sigma tags name it. Pure. */

export interface AttackNames {
  /** Tactic slugs, such as `credential-access`. */
  readonly tactics: readonly string[];
  /** Technique ids, such as `T1003.001`. */
  readonly techniques: readonly string[];
}

/** @example attackOf(['attack.credential_access', 'attack.t1003.001']) // tactics and techniques, one each */
export function attackOf(tags: readonly string[]): AttackNames {
  const names = tags
    .filter((tag) => tag.startsWith('attack.'))
    .map((tag) => tag.slice('attack.'.length).toLowerCase().replaceAll('_', '-'));
  const isTechnique = (name: string): boolean => /^t\d{4}(\.\d{3})?$/.test(name);
  return {
    tactics: names.filter((name) => !isTechnique(name)),
    techniques: names.filter(isTechnique).map((name) => name.toUpperCase()),
  };
}
