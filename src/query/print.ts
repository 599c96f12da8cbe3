/** Writes a query so that reading it again gives the same query. Pure. Used for saved searches and messages. */
import type { Bound, FieldTest, Query } from '../model/query.ts';
import type { Pattern } from '../model/sigma.ts';

/** @example printQuery({ kind: 'all' }) // '*' */
export function printQuery(query: Query): string {
  switch (query.kind) {
    case 'all':
      return '*';
    case 'text':
      return printPattern(query.pattern);
    case 'not':
      return `not ${inner(query.item)}`;
    case 'field':
      return `${printName(query.field)}${printTest(query.test)}`;
    default:
      return query.items.map(inner).join(` ${query.kind} `);
  }
}

function inner(query: Query): string {
  return query.kind === 'and' || query.kind === 'or' ? `(${printQuery(query)})` : printQuery(query);
}

function printTest(test: FieldTest): string {
  switch (test.op) {
    case 'exists':
      return ':*';
    case 'is':
      return `:${printPattern(test.pattern)}`;
    case 'cidr':
      return `:${test.network}/${test.prefix}`;
    default:
      return `:${test.from?.isInclusive === false ? '{' : '['}${printBound(test.from)} TO ${printBound(test.to)}${
        test.to?.isInclusive === false ? '}' : ']'
      }`;
  }
}

function printBound(bound: Bound | undefined): string {
  return bound === undefined ? '*' : quote(bound.value);
}

function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** A field name is a bare word when it can be, else quoted. */
function printName(name: string): string {
  return /^[\w.@*-]+$/.test(name) && !/^-/.test(name) ? name : quote(name);
}

/** Without wildcards in quotes, where only two characters need care; with some as a bare word, escaped. */
function printPattern(pattern: Pattern): string {
  if (pattern.every((piece) => typeof piece === 'string')) return quote(pattern.join(''));
  return pattern
    .map((piece) => {
      if (typeof piece !== 'string') return piece.wild === 'many' ? '*' : '?';
      return piece.replace(/[*?:()[\]{}"<>=!\\\s]/g, '\\$&');
    })
    .join('');
}
