import { escapeIdentifier } from 'pg';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { OutboxRow } from '../../../runtime/protocol/storage.protocol.ts';
import type { CapabilityCall } from '../capability.ts';
import { judgeStatement } from '../sql-check/judge-statement.ts';
import type { SqlCheck } from '../sql-check/sql-check.ts';
import type { StatementFacts } from '../sql-check/statement-facts.ts';
import type { ExtensionDatabases } from './extension-databases.ts';
import { GuestQuery, type GuestRows } from './guest-query.ts';
import { parameterTexts } from './parameter-texts.ts';
import type { StatementVerdicts } from './statement-verdicts.ts';

export interface GuestStatementOptions {
  readonly databases: ExtensionDatabases;
  /** The second wall; null leaves PostgreSQL alone with the statement, which has to be safe as well. */
  readonly check: SqlCheck | null;
  /** MagSentinel; undefined only in tests of the walls behind it. */
  readonly verdicts?: StatementVerdicts | undefined;
  /** `own`: reads and changes rows in the extension's own schema, and sees nothing else. */
  readonly access: 'read' | 'write' | 'own';
  /** The audit row of a write, made when the statement has passed the check. */
  readonly outbox?: (facts: StatementFacts | undefined, body: string, schema: string | null) => OutboxRow;
}

const longestBytes = 65_536;
const longestMs = 300_000;

/**
 * Runs the one statement of a system call, `[sql, parameters?]`, in one transaction as the extension's own login:
 * settings, audit row of a write, statement, commit. All limits are set in the transaction, since the session's own
 * settings are the guest's to change.
 * @throws MF422 for arguments that are none, MF301 for what looks like an attack, MF674 for what is refused, else what the database does
 */
export async function runGuestStatement(
  call: CapabilityCall,
  { databases, check, verdicts, access, outbox }: GuestStatementOptions,
): Promise<GuestRows> {
  const { extension, project, scopes, signal } = call;
  const [text, parameters] = call.args;
  if (typeof text !== 'string' || call.args.length > 2) {
    throw new MagFlockError('MF422', 'A query takes SQL text and an array of parameters.');
  }
  // A zero byte ends a text of the protocol; what follows it would be read as the next message.
  if (text.includes('\0') || Buffer.byteLength(text) > longestBytes) {
    throw new MagFlockError('MF674', 'The statement holds a zero byte, or is longer than 64 kB.');
  }
  const values = parameterTexts(parameters);
  // Before the check: what that refuses without a word to the operator may be an attack on the extension.
  await verdicts?.demand(call, text);
  const facts = await check?.facts(text);
  if (facts !== undefined) {
    judgeStatement(facts, { access, scopes, schema: await databases.schema(extension, project) });
  }
  const reads = access === 'read' || (access === 'own' && onlyReads(facts));
  const body = reads ? '' : JSON.stringify([text, values]);

  return databases.use(extension, project, signal, async (session, schema) => {
    const { client } = session;
    await client.query(opening(reads, pathOf(access, schema), call.deadline));
    if (!reads && outbox !== undefined) {
      const row = outbox(facts, body, schema);
      await client.query(`select mg_sys.append_outbox($1::uuid, $2::text, $3::text)`, [
        row.id,
        row.entry,
        row.mac,
      ]);
    }
    const query = new GuestQuery({
      text,
      values,
      take(rows) {
        if (rows > 0) call.spend('rows', rows);
      },
    });
    client.query(query);
    try {
      const answer = await query.done;
      const { command } = await client.query('commit');
      if (command !== 'COMMIT') throw new MagFlockError('MF674', 'The statement ended its own transaction.');
      return answer;
    } catch (thrown) {
      if (session.failure === undefined) await client.query('rollback');
      throw thrown;
    }
  });
}

/** Functions of its own may do anything there. */
function onlyReads(facts: StatementFacts | undefined): boolean {
  return facts !== undefined && !facts.writes && !facts.locks && facts.schemas.length === 0;
}

/** `pg_temp` comes last, or a temporary table would shadow a real one. */
function pathOf(access: GuestStatementOptions['access'], schema: string | null): string {
  if (access === 'own' && schema === null) {
    throw new MagFlockError('MF674', 'The extension has no schema of its own in this project.');
  }
  const own = schema === null ? [] : [escapeIdentifier(schema)];
  return [...own, ...(access === 'own' ? [] : ['public']), 'pg_temp'].join(', ');
}

function opening(reads: boolean, path: string, deadline: number): string {
  const timeout = Math.min(longestMs, Math.max(1, Math.ceil(deadline - Date.now())));
  return `begin isolation level read committed read ${reads ? 'only' : 'write'};
    set local search_path = ${path};
    set local statement_timeout = ${timeout};
    set local lock_timeout = ${Math.min(timeout, 5000)};
    set local row_security = on`;
}
