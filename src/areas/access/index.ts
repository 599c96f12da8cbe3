/** The door of access: who may do what, proved by tokens. */
export { type Authenticator, createAuthenticator } from './authenticate.ts';
export { createLooks, type Looks } from './looks.ts';
export { createToken, listTokens, revokeToken, type TokenDeps, type TokenView } from './tokens.ts';
