import { expect, it } from 'vitest';
import { renderIssue } from './issue.ts';

it('puts into words what the system says, and nothing that only reads alike', () => {
  const issue = (params: Record<string, string>) =>
    ({ code: 'FILES_UNREADABLE', place: {}, params }) as const;
  expect(renderIssue(issue({ reason: 'EACCES', errno: 'EACCES' }), 'fr')).toBe(
    'illisible : permission refusée',
  );
  expect(renderIssue(issue({ reason: 'EXDEV', errno: 'EXDEV' }), 'en')).toBe('cannot be read: EXDEV');
  expect(renderIssue(issue({ reason: 'ENOENT' }), 'fr')).toBe('illisible : ENOENT');
});
