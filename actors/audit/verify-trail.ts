import type { KeyObject } from 'node:crypto';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { VerifyFinding, VerifyReport } from '../../runtime/protocol/audit.protocol.ts';
import type { StorageProtocol } from '../../runtime/protocol/storage.protocol.ts';
import type { AuditKeys } from './audit-keys.ts';
import type { ChainStore } from './chain-store.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import type { CheckpointKeys } from './checkpoint-keys.ts';
import { outboxProblem, readOutbox } from './seal-outbox.ts';
import { verifyChain } from './verify-chain.ts';
import { verifyCheckpoints } from './verify-checkpoints.ts';

export interface VerifyTrailNeeds {
  readonly storage: Pick<ActorRef<StorageProtocol>, 'ask'>;
  readonly store: ChainStore;
  readonly auditKeys: AuditKeys;
  readonly checkpointKeys: CheckpointKeys;
  /** Folder of the exported checkpoints. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly progress?: (entries: number) => void;
}

/** Checks the chains of some projects: what waits to be sealed, every entry, every checkpoint. */
export async function verifyTrail(
  needs: VerifyTrailNeeds,
  projects: readonly string[],
): Promise<VerifyReport> {
  const findings: VerifyFinding[] = [];
  let entries = 0;
  let checkpoints = 0;
  for (const project of projects) {
    // The outbox first: a forged row that is sealed meanwhile is then found in the chain.
    const waiting = await verifyOutbox(needs.storage, needs.auditKeys.outbox, project);
    const chain = await verifyChain(needs.store, needs.auditKeys.seal, project, {
      ...(needs.signal === undefined ? {} : { signal: needs.signal }),
      ...(needs.progress === undefined ? {} : { progress: needs.progress }),
    });
    const signed = await verifyCheckpoints({ ...needs, keys: needs.checkpointKeys }, project);
    findings.push(...withoutSealed(waiting, chain.findings), ...chain.findings, ...signed.findings);
    entries += chain.entries;
    checkpoints += signed.checkpoints;
  }
  return { ok: findings.length === 0, entries, checkpoints, findings };
}

/** Every project that has or had a trail: in the database, or in the folder when the database was emptied. */
export async function projectsWithTrail(store: ChainStore, folder: string): Promise<readonly string[]> {
  const names = new Set([...(await store.projects()), ...(await CheckpointFile.projects(folder))]);
  return [...names].filter((name) => /^[a-z0-9]{1,40}$/.test(name)).sort();
}

async function verifyOutbox(
  storage: VerifyTrailNeeds['storage'],
  key: KeyObject,
  project: string,
): Promise<readonly VerifyFinding[]> {
  const findings: VerifyFinding[] = [];
  let after = 0;
  for (;;) {
    const rows = await readOutbox(storage, project, after, 500).catch((error: unknown) => {
      // A removed project and the machine's own chain have no outbox.
      if (MagFlockError.from(error).code === 'MF508') return [];
      throw error;
    });
    const last = rows.at(-1);
    if (last === undefined) return findings;
    after = last.position;
    for (const row of rows) {
      const problem = outboxProblem(key, project, row);
      if (problem === null) continue;
      const detail = `outbox/${row.id} waits to be sealed: ${problem}`;
      findings.push({ project, seq: null, problem: 'unauthentic-outbox-row', detail });
    }
  }
}

function withoutSealed(
  waiting: readonly VerifyFinding[],
  sealed: readonly VerifyFinding[],
): readonly VerifyFinding[] {
  const names = new Set(sealed.map(({ detail }) => detail.split(' ', 1)[0]));
  return waiting.filter(({ detail }) => !names.has(detail.split(' ', 1)[0]));
}
