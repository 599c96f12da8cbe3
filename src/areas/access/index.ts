/** The door of access: who may do what, proved by tokens, and the journal of who did what. */
export { type JournalBreak, type JournalCheck, verifyJournal } from '../../store/index.ts';
export { type Authenticator, createAuthenticator } from './authenticate.ts';
export { createToken, listTokens, revokeToken, type TokenDeps, type TokenView } from './tokens.ts';
