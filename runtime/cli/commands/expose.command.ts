import { MagFlockError } from '../../errors/magflock-error.ts';
import type { ExposeRequest } from '../../protocol/storage.protocol.ts';
import type { Command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';

const operationFlags = [
  ['read', 'select'],
  ['insert', 'insert'],
  ['update', 'update'],
  ['delete', 'delete'],
] as const;

export const exposeCommand = {
  name: 'expose',
  group: 'access',
  summary: 'let a role use a table through the API',
  description:
    'A new table can be used with secret keys only. This grants operations to public keys (anon) or to signed-in\n' +
    'users (authenticated). With row security a policy says which rows they see; without, they see all. A table of\n' +
    'another schema is schema.table; project settings set dbSchemas=… gives the schema an API.',
  arguments: [
    {
      name: 'table',
      summary: 'name of the table or view, with its schema when that is not public',
      required: true,
    },
  ],
  flags: [
    { name: 'to', value: 'role', summary: 'who gets it', choices: ['anon', 'authenticated'] },
    { name: 'read', summary: 'grant reading' },
    { name: 'insert', summary: 'grant inserting' },
    { name: 'update', summary: 'grant updating' },
    { name: 'delete', summary: 'grant deleting' },
    { name: 'all', summary: 'grant all four' },
    { name: 'rls', summary: 'turn row security on' },
    { name: 'no-rls', summary: 'turn row security off' },
  ],
  examples: [
    { command: 'magflock expose track --to anon --read', does: 'everybody with a public key may read' },
    { command: 'magflock expose notes --to authenticated --all --rls', does: 'rows as your policies say' },
  ],
  async run(context) {
    const { args, daemon, flags, output, project } = context;
    const role = flags.value('to') as ExposeRequest['role'] | undefined;
    if (role === undefined) throw wrongUse('say who gets it', '--to anon or --to authenticated');
    const operations = operationFlags
      .filter(([flag]) => flags.has(flag) || flags.has('all'))
      .map(([, operation]) => operation);
    if (operations.length === 0)
      throw wrongUse('say what to grant', '--read, --insert, --update, --delete or --all');
    const table = args['table']!;
    const rowSecurity = await wantedRowSecurity(context, table, role);
    const client = await daemon();
    const answer = await client.ask<{ rowSecurity: boolean; policies: number }>('POST', '/expose', {
      project,
      table,
      role,
      operations,
      ...(rowSecurity === undefined ? {} : { rowSecurity }),
    });
    if (output.json) {
      output.document({ table, role, operations, ...answer });
    } else {
      output.talk(`${role} may ${operations.join(', ')} ${table}`);
    }
    if (answer.rowSecurity && answer.policies === 0) {
      output.warn(
        `row security is on and ${table} has no policy: ${role} sees no row\n` +
          `magflock sql "create policy everybody on ${table} for select to ${role} using (true)"`,
      );
    } else if (!answer.rowSecurity) {
      output.warn(`row security is off: the grant covers every row of ${table}\n--rls turns it on`);
    }
    return undefined;
  },
} satisfies Command;

async function wantedRowSecurity(
  { ask, flags }: CommandContext,
  table: string,
  role: string,
): Promise<boolean | undefined> {
  if (flags.has('rls') && flags.has('no-rls'))
    throw wrongUse('--rls and --no-rls exclude each other', 'give one');
  if (flags.has('rls')) return true;
  if (flags.has('no-rls')) return false;
  if (flags.has('yes')) return undefined;
  const answer = await ask(
    `Turn on row security for ${table}? Then a policy decides which rows ${role} gets. [y]es / [n]o / [k]eep as it is: `,
  );
  if (answer === undefined) return undefined;
  if (/^y(es)?$/i.test(answer)) return true;
  return /^no?$/i.test(answer) ? false : undefined;
}

function wrongUse(message: string, fix: string): MagFlockError {
  return new MagFlockError('MF802', message, { fix });
}
