import { setTimeout as wait } from 'node:timers/promises';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type {
  AuditEntry,
  AuditFact,
  ReadLogsRequest,
  VerifyReport,
} from '../../runtime/protocol/audit.protocol.ts';
import type { AuditKeys } from './audit-keys.ts';
import { type AuditMetrics, auditMetrics } from './audit-metrics.ts';
import { ChainStore } from './chain-store.ts';
import { ChainWriter } from './chain-writer.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import { CheckpointKeys } from './checkpoint-keys.ts';
import { Checkpointer } from './checkpointer.ts';
import { entryOfFact } from './entry-of-fact.ts';
import { entryOfRow } from './entry-of-row.ts';
import { EntryQueue } from './entry-queue.ts';
import { sealOutbox } from './seal-outbox.ts';
import { Sealer } from './sealer.ts';
import { Semaphore } from './semaphore.ts';
import { projectsWithTrail, verifyTrail } from './verify-trail.ts';

export type AuditOfficeContext = Pick<
  ActorContext,
  'settings' | 'log' | 'metrics' | 'events' | 'timers' | 'part'
>;

/** How long readers wait for rows that are just being sealed before they get what is there. */
const freshMs = 2000;

/** The audit trail of all projects: what the actor is made of, testable without a thread. */
export class AuditOffice {
  readonly #context: AuditOfficeContext;
  readonly #keys: AuditKeys;
  readonly #folder: string;
  readonly #metrics: AuditMetrics;
  readonly #store: ChainStore;
  readonly #writer: ChainWriter;
  readonly #queue: EntryQueue;
  readonly #sealer: Sealer;
  readonly #checkpointer: Checkpointer;
  readonly #verifying = new Semaphore(1);
  #progress: { project: string | undefined; entries: number; totalEntries: number } | null = null;
  /** Projects that exist; facts of any other name go to the chain `system`. */
  readonly #projects = new Set<string>();
  /** Chains that have moved since their last checkpoint. */
  readonly #moved = new Set<string>();
  #asked = 0;
  #askedSince = 0;

  /** @param folder of the exported checkpoints */
  constructor(context: AuditOfficeContext, keys: AuditKeys, folder: string) {
    this.#context = context;
    this.#keys = keys;
    this.#folder = folder;
    this.#metrics = auditMetrics(context.metrics);
    const storage = context.part('storage');
    this.#store = new ChainStore(storage);
    this.#writer = new ChainWriter(this.#store, keys.seal, (project, head, entries) => {
      this.#moved.add(project);
      this.#metrics.entries.inc(entries);
      context.events.emit('audit.entry.sealed', { project, seq: head.seq });
    });
    const failed = (project: string, error: unknown, failures: number): void => {
      this.#metrics.failures.inc();
      context.log.warn({ err: error, project, failures }, 'audit entries wait; they are tried again');
    };
    this.#queue = new EntryQueue({ writer: this.#writer, timers: context.timers, failed });
    this.#sealer = new Sealer({
      seal: (project) => this.#seal(project),
      timers: context.timers,
      sealIntervalMs: context.settings['audit.sealIntervalMs'],
      failed,
      now: Date.now,
    });
    this.#checkpointer = new Checkpointer({
      store: this.#store,
      folder,
      sign: (text) => context.part('psu').ask('sign', { purpose: 'audit-checkpoint', text }),
      isAuthentic: async (signed) => (await this.#checkpointKeys()).isAuthentic(signed),
      now: Date.now,
    });
  }

  /** Reads which projects there are. */
  async load(): Promise<void> {
    for (const { ref } of await this.#context.part('storage').ask('listProjects', null))
      this.#projects.add(ref);
    for (const project of await projectsWithTrail(this.#store, this.#folder)) this.#moved.add(project);
  }

  projectCreated(project: string): void {
    this.#projects.add(project);
  }

  projectRemoved(project: string): void {
    this.#projects.delete(project);
  }

  /** Rows of a daemon that was killed wait in the outboxes; two projects at a time, so that the boot stays quick. */
  async sealAll(): Promise<void> {
    const few = new Semaphore(2);
    await Promise.allSettled(
      [...this.#projects].map((project) => few.run(() => this.#sealer.sealNow(project))),
    );
  }

  wake(project: string): void {
    this.#sealer.wake(project);
  }

  wakeActive(): void {
    this.#sealer.wakeActive();
  }

  retryNow(): void {
    this.#sealer.retryNow();
  }

  /** Resolves when the entry is durable. */
  async append(fact: AuditFact): Promise<{ readonly id: string }> {
    const placed = (await this.#isProject(fact.project))
      ? fact
      : { ...fact, project: 'system', details: { ...fact.details, project: fact.project.slice(0, 40) } };
    const entry = entryOfFact(placed);
    const durable = this.#queue.append(placed.project, entry);
    this.#metrics.waiting.set(this.#queue.length);
    await durable;
    this.#metrics.waiting.set(this.#queue.length);
    return { id: entry.id };
  }

  async read({ project, kinds, after, limit }: ReadLogsRequest): Promise<readonly AuditEntry[]> {
    await this.#require(project);
    if (kinds === undefined || kinds.includes('write')) await this.#freshen(project);
    const rows = await this.#store.read(project, kinds, after, Math.min(Math.max(1, limit), 10_000));
    return rows.map(entryOfRow);
  }

  verify(project: string | undefined, signal: AbortSignal): Promise<VerifyReport> {
    return this.#verifying.run(async () => {
      if (project !== undefined) await this.#require(project);
      const projects =
        project === undefined
          ? [...new Set([...(await projectsWithTrail(this.#store, this.#folder)), ...this.#projects])].sort()
          : [project];
      const progress = { project, entries: 0, totalEntries: await this.#store.count(projects) };
      this.#progress = progress;
      try {
        return await verifyTrail(
          {
            storage: this.#context.part('storage'),
            store: this.#store,
            auditKeys: this.#keys,
            checkpointKeys: await this.#checkpointKeys(),
            folder: this.#folder,
            signal,
            progress: (entries) => {
              progress.entries += entries;
            },
          },
          projects,
        );
      } finally {
        this.#progress = null;
      }
    });
  }

  verifyProgress(
    project: string | undefined,
  ): { readonly entries: number; readonly totalEntries: number } | null {
    const running = this.#progress;
    if (running === null || running.project !== project) return null;
    return { entries: running.entries, totalEntries: running.totalEntries };
  }

  async checkpoint(project: string): Promise<{ readonly seq: number; readonly file: string }> {
    await this.#require(project);
    if (this.#projects.has(project)) await this.#sealer.sealNow(project);
    return this.#writeCheckpoint(project);
  }

  /** Checkpoints of all chains that have moved. */
  async checkpointMoved(): Promise<void> {
    for (const project of [...this.#moved]) {
      await this.#writeCheckpoint(project).catch((error: unknown) => {
        this.#context.log.error({ err: error, project }, 'the audit checkpoint could not be written');
      });
    }
  }

  /** Seals what is known to wait and signs the ends. @param budgetMs milliseconds it may take */
  async close(budgetMs: number): Promise<void> {
    const done = new AbortController();
    const work = async (): Promise<void> => {
      await this.#queue.drained();
      await this.#sealer.stop(true);
      await this.checkpointMoved();
    };
    await Promise.race([work(), wait(budgetMs, undefined, { signal: done.signal })]).catch(() => {});
    done.abort();
    // What did not fit into the budget is still in the outboxes; the next start seals it.
    void this.#sealer.stop(false);
  }

  get waiting(): number {
    return this.#queue.length;
  }

  get failing(): readonly string[] {
    return this.#sealer.failing;
  }

  get projects(): number {
    return this.#projects.size;
  }

  /**
   * A project's name may come from an address that somebody made up; it must not found a chain. One that is new may
   * be heard of here before its event comes: Storage is asked, but not more than ten times a second.
   */
  async #isProject(name: string): Promise<boolean> {
    if (name === 'system' || this.#projects.has(name)) return true;
    const now = Date.now();
    if (now - this.#askedSince >= 1000) {
      this.#askedSince = now;
      this.#asked = 0;
    }
    if (this.#asked++ >= 10 || !/^[a-z0-9]{1,40}$/.test(name)) return false;
    try {
      await this.#context.part('storage').ask('project', { ref: name });
      this.#projects.add(name);
      return true;
    } catch {
      return false;
    }
  }

  async #seal(project: string): Promise<void> {
    const needs = {
      storage: this.#context.part('storage'),
      writer: this.#writer,
      outboxKey: this.#keys.outbox,
    };
    try {
      const { unauthentic } = await sealOutbox(needs, project);
      if (unauthentic === 0) return;
      this.#metrics.unauthentic.inc(unauthentic);
      this.#context.log.error({ project, rows: unauthentic }, 'outbox rows without a valid MAC');
    } catch (error) {
      // Removed meanwhile: its outbox is gone with its database.
      if (MagFlockError.from(error).code !== 'MF508') throw error;
      this.#projects.delete(project);
    }
  }

  async #freshen(project: string): Promise<void> {
    if (!this.#projects.has(project)) return;
    const enough = new AbortController();
    const sealed = this.#sealer.sealNow(project).catch(() => {});
    await Promise.race([sealed, wait(freshMs, undefined, { signal: enough.signal }).catch(() => {})]);
    enough.abort();
  }

  async #writeCheckpoint(project: string): Promise<{ readonly seq: number; readonly file: string }> {
    this.#moved.delete(project);
    try {
      const written = await this.#checkpointer.write(project);
      if (written.fresh) this.#metrics.checkpoints.inc();
      return { seq: written.seq, file: written.file };
    } catch (error) {
      this.#moved.add(project);
      throw error;
    }
  }

  async #checkpointKeys(): Promise<CheckpointKeys> {
    const keys = await this.#context.part('psu').ask('publicKeys', { purpose: 'audit-checkpoint' });
    return new CheckpointKeys(keys);
  }

  /** @throws MF508 when there is neither a project nor a chain of this name */
  async #require(project: string): Promise<void> {
    if (project === 'system' || this.#projects.has(project)) return;
    const { head, last } = await this.#store.head(project);
    if (head !== null || last !== null) return;
    // The database may have been emptied; the exported file still names the project.
    if ((await CheckpointFile.projects(this.#folder)).includes(project)) return;
    throw new MagFlockError('MF508', `There is no project ${JSON.stringify(project.slice(0, 60))}.`);
  }
}
