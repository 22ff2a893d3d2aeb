import { hash, type KeyObject } from 'node:crypto';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { StorageProtocol } from '../../runtime/protocol/storage.protocol.ts';
import { canonicalJson } from './canonical-json.ts';
import type { ChainWriter } from './chain-writer.ts';
import { digestUuid } from './digest-uuid.ts';
import { outboxMacFits } from './outbox-mac.ts';
import type { PendingEntry } from './pending-entry.ts';

export interface StoredOutboxRow {
  readonly position: number;
  readonly id: string;
  readonly entry: string;
  readonly mac: string;
}

export interface SealOutboxNeeds {
  readonly storage: Pick<ActorRef<StorageProtocol>, 'ask'>;
  readonly writer: Pick<ChainWriter, 'append'>;
  readonly outboxKey: KeyObject;
}

const batchRows = 500;

/**
 * Moves what waits in a project's outbox into its chain, in order, exactly once: first the chain, then the delete.
 * A crash between the two is harmless, since the chain knows the ids it has. Rows without a valid MAC become an
 * entry of kind `threat` and leave the outbox, so one forged row does not stop the trail.
 * @returns rows that left the outbox, and how many of them were not authentic
 */
export async function sealOutbox(
  needs: SealOutboxNeeds,
  project: string,
): Promise<{ readonly rows: number; readonly unauthentic: number }> {
  let rows = 0;
  let unauthentic = 0;
  for (;;) {
    const batch = await readOutbox(needs.storage, project, 0, batchRows);
    if (batch.length === 0) return { rows, unauthentic };
    const entries = batch.map((row) => {
      const problem = outboxProblem(needs.outboxKey, project, row);
      if (problem === null) return { id: row.id, kind: 'write', entry: row.entry };
      unauthentic++;
      return unauthenticRow(project, row, problem);
    });
    await needs.writer.append(project, entries);
    await needs.storage.ask('query', {
      database: `project:${project}`,
      text: 'delete from mg_sys.outbox where position = any($1::bigint[])',
      values: [batch.map(({ position }) => position)],
    });
    rows += batch.length;
    if (batch.length < batchRows) return { rows, unauthentic };
  }
}

/** Rows in the order they were written, after a position. */
export async function readOutbox(
  storage: SealOutboxNeeds['storage'],
  project: string,
  after: number,
  limit: number,
): Promise<readonly StoredOutboxRow[]> {
  const { rows } = await storage.ask('query', {
    database: `project:${project}`,
    text: `select position::float8 as position, id::text, entry, mac from mg_sys.outbox
      where position > $1 order by position limit $2`,
    values: [after, limit],
  });
  return rows.map((row) => ({
    position: Number(row['position']),
    id: String(row['id']),
    entry: String(row['entry']),
    mac: String(row['mac']),
  }));
}

/** Why a row is not one of ours, or null. The entry names its project and id: no row can be moved or used twice. */
export function outboxProblem(key: KeyObject, project: string, row: StoredOutboxRow): string | null {
  if (!outboxMacFits(key, row.entry, row.mac)) return 'its MAC does not fit';
  const entry = JSON.parse(row.entry) as { readonly project?: unknown; readonly id?: unknown };
  if (entry.project !== project) return `it was made for project ${String(entry.project)}`;
  if (entry.id !== row.id) return `it was made under the id ${String(entry.id)}`;
  return null;
}

function unauthenticRow(project: string, row: StoredOutboxRow, problem: string): PendingEntry {
  const id = digestUuid('outbox.unauthentic', project, row.id, row.entry, row.mac);
  const digest = `sha256:${hash('sha256', row.entry, 'base64url')}`;
  const fields = {
    v: 1,
    id,
    at: new Date().toISOString(),
    kind: 'threat',
    project,
    action: 'outbox.unauthentic',
    actor: 'unknown',
    target: `outbox/${row.id}`,
    digest,
    details: { problem },
  };
  return { id, kind: 'threat', entry: canonicalJson(fields) };
}
