/** `vigie token create|list|revoke`: API tokens for log shippers, scripts and other tools. */
import { type Command, Option } from 'commander';
import type { TokenView } from '../areas/access/index.ts';
import { SCOPES, type Scope } from '../model/access.ts';
import { type CommandContext, UsageError } from './command.ts';
import { TOKEN_TEXT } from './i18n/token-text.ts';
import { printable, textTable } from './text-table.ts';
import { instantFrom } from './time-argument.ts';

const MAX_NAME_CHARS = 100;

interface CreateFlags {
  readonly scope: Scope[];
  readonly identity?: string;
  readonly expires?: string;
  readonly json?: true;
}

export function registerToken(program: Command, context: CommandContext): void {
  const text = TOKEN_TEXT[context.lang];
  const token = program.command('token').description(text.token);
  token
    .command('create')
    .description(text.create)
    .argument('<name>', text.name)
    .addOption(
      new Option('-s, --scope <scope...>', text.scope).choices([...SCOPES]).makeOptionMandatory(true),
    )
    .option('--identity <name>', text.identity)
    .option('--expires <time>', text.expires)
    .option('--json', text.json)
    .addHelpText('after', text.createAfter)
    .action((name: string, flags: CreateFlags) => create(name, flags, context));
  token
    .command('list')
    .description(text.list)
    .option('--json', text.json)
    .action((flags: { json?: true }) => list(flags.json === true, context));
  token
    .command('revoke')
    .description(text.revoke)
    .argument('<token>', text.idOrName)
    .action((idOrName: string) => revoke(idOrName, context));
}

async function create(name: string, flags: CreateFlags, context: CommandContext): Promise<void> {
  const { createToken } = await import('../areas/access/index.ts');
  const { clock, io } = context;
  const spec = {
    name: checkName(name, context),
    scopes: flags.scope,
    identity: flags.identity === undefined ? undefined : checkName(flags.identity, context),
    expiresAtMillis: flags.expires === undefined ? undefined : instantFrom(flags.expires, clock.nowMillis()),
  };
  const made = await context.withRecord((store) => createToken({ store, clock }, context.actor, spec));
  if (flags.json === true) {
    await io.out(`${JSON.stringify({ ...toPlain(made.token), token: made.text })}\n`);
    return;
  }
  // The token alone on standard output, so that it can be piped into a secret store.
  io.err(`${TOKEN_TEXT[context.lang].shownOnce}\n`);
  await io.out(`${made.text}\n`);
}

function checkName(name: string, context: CommandContext): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > MAX_NAME_CHARS || printable(trimmed) !== trimmed)
    throw new UsageError(`"${printable(name)}": ${TOKEN_TEXT[context.lang].badName}`);
  return trimmed;
}

async function list(isJson: boolean, context: CommandContext): Promise<void> {
  const { listTokens } = await import('../areas/access/index.ts');
  const text = TOKEN_TEXT[context.lang];
  const tokens = await context.withRecord((store) => listTokens({ store, clock: context.clock }));
  if (isJson) {
    await context.io.out(`${JSON.stringify(tokens.map(toPlain))}\n`);
    return;
  }
  if (tokens.length === 0) {
    await context.io.out(`${text.none}\n`);
    return;
  }
  const columns = [
    { title: 'id' },
    { title: text.columnName, maxWidth: 32 },
    { title: text.columnState },
    { title: text.columnScopes, maxWidth: 40 },
    { title: text.columnIdentity, maxWidth: 24 },
    { title: text.columnExpires },
    { title: text.columnUsed },
  ];
  const rows = tokens.map((token) => [
    token.id,
    token.name,
    text[token.state],
    token.scopes.join(' '),
    token.identity ?? '',
    toTime(token.expiresAtMillis),
    toTime(token.lastUsedAtMillis),
  ]);
  await context.io.out(textTable(columns, rows));
}

async function revoke(idOrName: string, context: CommandContext): Promise<void> {
  const { revokeToken } = await import('../areas/access/index.ts');
  const { clock, actor } = context;
  const token = await context.withRecord((store) => revokeToken({ store, clock }, actor, idOrName));
  await context.io.out(`${TOKEN_TEXT[context.lang].revokedNow(token.id, printable(token.name))}\n`);
}

function toTime(millis: number | undefined): string {
  return millis === undefined ? '' : new Date(millis).toISOString().slice(0, 16).replace('T', ' ');
}

/** Field names promised to machines. */
function toPlain(token: TokenView): object {
  const iso = (millis: number | undefined): string | null =>
    millis === undefined ? null : new Date(millis).toISOString();
  return {
    id: token.id,
    name: token.name,
    state: token.state,
    scopes: token.scopes,
    identity: token.identity ?? null,
    createdAt: iso(token.createdAtMillis),
    createdBy: token.createdBy,
    expiresAt: iso(token.expiresAtMillis),
    lastUsedAt: iso(token.lastUsedAtMillis),
    revokedAt: iso(token.revokedAtMillis),
  };
}
