import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditKeys } from '../../actors/audit/audit-keys.ts';
import { type ChainHead, ChainStore } from '../../actors/audit/chain-store.ts';
import { ChainWriter } from '../../actors/audit/chain-writer.ts';
import { CheckpointKeys } from '../../actors/audit/checkpoint-keys.ts';
import { Checkpointer } from '../../actors/audit/checkpointer.ts';
import { entryOfFact } from '../../actors/audit/entry-of-fact.ts';
import { outboxRow } from '../../actors/audit/outbox-row.ts';
import { sealOutbox } from '../../actors/audit/seal-outbox.ts';
import { projectsWithTrail, verifyTrail } from '../../actors/audit/verify-trail.ts';
import { SigningKey } from '../../actors/psu/signing-key.ts';
import type { VerifyReport } from '../../runtime/protocol/audit.protocol.ts';
import { FakeStorage } from '../support/fake-storage.ts';

/** Audit without its actor, on real databases: what tests of the trail stand on. */
export class BenchOfAudit {
  readonly keys = auditKeys('a7'.repeat(32));
  readonly signing = new SigningKey('51'.repeat(32), 'audit-checkpoint');
  readonly storage: FakeStorage;
  readonly folder: string;
  readonly store: ChainStore;
  readonly sealed: { project: string; head: ChainHead; entries: number }[] = [];
  writer: ChainWriter;
  checkpointer: Checkpointer;

  private constructor(storage: FakeStorage, folder: string) {
    this.storage = storage;
    this.folder = folder;
    this.store = new ChainStore({ ask: storage.ask });
    this.writer = this.#newWriter();
    this.checkpointer = this.#newCheckpointer();
  }

  static async create(refs: readonly string[]): Promise<BenchOfAudit> {
    const folder = await mkdtemp(join(tmpdir(), 'magflock-audit-'));
    return new BenchOfAudit(await FakeStorage.create(refs), folder);
  }

  async close(): Promise<void> {
    await this.storage.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** As a new incarnation: nothing remembered but what is stored. */
  restart(): void {
    this.writer = this.#newWriter();
    this.checkpointer = this.#newCheckpointer();
  }

  /** Removes all chains, checkpoints and outbox rows. */
  async clear(): Promise<void> {
    this.storage.down = false;
    this.storage.before = () => {};
    this.storage.after = () => {};
    await this.storage.sql('control', 'truncate cp_audit.entries, cp_audit.heads, cp_audit.checkpoints');
    for (const { ref } of await this.storage.ask('listProjects', null)) {
      await this.storage.sql(`project:${ref}`, 'delete from mg_sys.outbox');
    }
    await rm(this.folder, { recursive: true, force: true });
    this.sealed.length = 0;
    this.restart();
  }

  /** What a write of the API leaves in the outbox. */
  async write(project: string, target: string): Promise<{ id: string; entry: string; mac: string }> {
    const row = outboxRow(this.keys.outbox, {
      identity: {
        project,
        role: 'service_role',
        claims: '{}',
        isAnonymous: false,
        keyId: 'key-1',
        scopes: {},
      },
      requestId: 'request-1',
      address: '127.0.0.1',
      operation: 'insert',
      table: 'track',
      target,
      body: '{"name":"x"}',
    });
    await this.appendOutbox(project, row);
    return row;
  }

  async appendOutbox(project: string, row: { id: string; entry: string; mac: string }): Promise<void> {
    await this.storage.sql(`project:${project}`, 'select mg_sys.append_outbox($1, $2, $3)', [
      row.id,
      row.entry,
      row.mac,
    ]);
  }

  seal(project: string): Promise<{ readonly rows: number; readonly unauthentic: number }> {
    const storage = { ask: this.storage.ask };
    return sealOutbox({ storage, writer: this.writer, outboxKey: this.keys.outbox }, project);
  }

  /** `count` entries without a transaction, numbered from 1. */
  async append(project: string, count: number): Promise<void> {
    const facts = Array.from({ length: count }, (_, index) =>
      entryOfFact({
        kind: 'admin',
        project,
        action: 'test',
        actor: 'tester',
        details: { number: index + 1 },
      }),
    );
    await this.writer.append(project, facts);
  }

  async verify(project?: string): Promise<VerifyReport> {
    const projects = project === undefined ? await projectsWithTrail(this.store, this.folder) : [project];
    const { keyId, publicKeyPem } = this.signing;
    return verifyTrail(
      {
        storage: { ask: this.storage.ask },
        store: this.store,
        auditKeys: this.keys,
        checkpointKeys: new CheckpointKeys([{ keyId, publicKeyPem }]),
        folder: this.folder,
      },
      projects,
    );
  }

  #newWriter(): ChainWriter {
    return new ChainWriter(this.store, this.keys.seal, (project, head, entries) => {
      this.sealed.push({ project, head, entries });
    });
  }

  #newCheckpointer(): Checkpointer {
    const keys = new CheckpointKeys([this.signing]);
    return new Checkpointer({
      store: this.store,
      folder: this.folder,
      sign: async (text) => ({ signature: this.signing.sign(text), keyId: this.signing.keyId }),
      isAuthentic: async (signed) => keys.isAuthentic(signed),
      now: Date.now,
    });
  }
}
