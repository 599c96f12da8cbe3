/** The door of the search language: text to query and back. Pure. */
export { MAX_CHARACTERS } from './lexer.ts';
export { literalOf, MAX_DEPTH, parseQuery } from './parser.ts';
export { printQuery } from './print.ts';
