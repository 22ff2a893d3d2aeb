import type { ExtensionContext } from '../../sdk/gateway.ts';
import { type Catalog, ExtensionError } from '../../sdk/index.ts';
import { mergeCatalog } from './merge-catalog.ts';
import type { SchemaDelta, SchemaSnapshot } from './schema-store.ts';

/** A first change is read at once. DDL comes in bursts: what follows is read once it was quiet for this long … */
const quietMs = 40;
/** … but a burst that does not end is read this often. */
const longestWaitMs = 300;
/** Wait after a failed reload, doubled up to the longest. */
const firstRetryMs = 200;
const longestRetryMs = 5000;

interface Kept {
  catalog: Catalog;
  /** Since when a change is waiting to be read; undefined when none is. */
  changedAt: number | undefined;
  timer: NodeJS.Timeout | undefined;
  loading: boolean;
  loadedAt: number;
  /** How long the last reload took. */
  loadMs: number;
  /** Who waits until no change is waiting any more. */
  waiters: (() => void)[];
  failures: number;
  lastError: string | undefined;
}

/** A project whose first load failed and is tried again. */
interface Missing {
  error: Error & { readonly code?: unknown };
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Owner of the catalogues: one per active project, read again when its schema changes. The old one serves until
 * the new one is in every replica.
 */
export class SchemaKeeper {
  readonly #context: ExtensionContext;
  readonly #projects = new Map<string, Kept>();
  readonly #activating = new Map<string, Promise<Catalog>>();
  readonly #watched = new Set<string>();
  readonly #missing = new Map<string, Missing>();
  readonly #former: readonly string[];
  #stopped = false;

  /** @param former projects that its former version had active */
  constructor(context: ExtensionContext, former: readonly string[] = []) {
    this.#context = context;
    this.#former = former;
  }

  /** Projects that are active. */
  get projects(): readonly string[] {
    return [...this.#projects.keys()];
  }

  /** Loads what its former version had loaded. A project that is gone by now is left out. */
  async resume(): Promise<void> {
    await Promise.allSettled(this.#former.map((project) => this.#load(project)));
  }

  /**
   * Loads a project that has to be there. When that fails it is tried again until it succeeds.
   * @throws MF610 at the first try: a capability that was not granted does not come by waiting
   */
  async begin(project: string): Promise<void> {
    try {
      await this.#load(project);
      this.#missing.delete(project);
    } catch (thrown) {
      if (this.#stopped) return;
      const error = thrown as Missing['error'];
      if (error.code === 'MF610' && !this.#missing.has(project)) throw error;
      const failures = (this.#missing.get(project)?.failures ?? 0) + 1;
      const retry = Math.min(firstRetryMs * 2 ** (failures - 1), longestRetryMs);
      const timer = setTimeout(() => void this.begin(project), retry);
      this.#missing.set(project, { error, failures, timer });
      this.#context.log.warn({ project, error: error.message }, 'schema not loaded, it is tried again');
    }
  }

  /**
   * Loads a project, follows its changes, and answers when every replica has it. For one that is loaded it waits
   * until changes that were announced are in the replicas, and is cheap when there are none.
   * @throws MF503 at once while the first load fails and is tried again
   */
  async activate(project: string): Promise<Catalog> {
    const missing = this.#missing.get(project)?.error;
    if (missing === undefined) return this.#load(project);
    if (missing.code === 'MF508') throw missing;
    throw new ExtensionError('MF503', `The schema of project ${project} is not loaded: ${missing.message}`, {
      fix: 'It is read again by itself; retry in a few seconds.',
    });
  }

  #load(project: string): Promise<Catalog> {
    const running = this.#activating.get(project);
    if (running !== undefined) return running;
    const promise = this.#activate(project).finally(() => this.#activating.delete(project));
    this.#activating.set(project, promise);
    return promise;
  }

  async #activate(project: string): Promise<Catalog> {
    const kept = this.#projects.get(project);
    if (kept !== undefined) {
      if (kept.loading || kept.changedAt !== undefined) {
        await new Promise<void>((resolve) => kept.waiters.push(resolve));
      }
      return kept.catalog;
    }
    // Watch first: a change between reading and watching would go unseen.
    if (!this.#watched.has(project)) {
      await this.#context.catalog.watch(project, () => this.#changed(project));
      this.#watched.add(project);
    }
    const catalog = await this.#context.catalog.read(project).catch((error: { readonly code?: unknown }) => {
      // Storage forgets who watched a project that is gone.
      if (error.code === 'MF508') this.#watched.delete(project);
      throw error;
    });
    this.#projects.set(project, {
      catalog,
      changedAt: undefined,
      timer: undefined,
      loading: false,
      loadedAt: 0,
      loadMs: 0,
      waiters: [],
      failures: 0,
      lastError: undefined,
    });
    await this.#publish({ project, catalog });
    return catalog;
  }

  #changed(project: string): void {
    const kept = this.#projects.get(project);
    if (kept === undefined || this.#stopped) return;
    kept.changedAt ??= Date.now();
    if (kept.loading) return;
    const now = Date.now();
    // In a burst the database rests at least as long as it reads.
    const quiet = now - kept.loadedAt > longestWaitMs ? 0 : Math.max(quietMs, kept.loadMs);
    this.#schedule(project, kept, Math.max(0, Math.min(quiet, longestWaitMs - (now - kept.changedAt))));
  }

  #schedule(project: string, kept: Kept, milliseconds: number): void {
    clearTimeout(kept.timer);
    kept.timer = setTimeout(() => void this.#reload(project, kept), milliseconds);
  }

  async #reload(project: string, kept: Kept): Promise<void> {
    kept.loading = true;
    kept.changedAt = undefined;
    const began = Date.now();
    try {
      const news = await this.#context.catalog.read(project, kept.catalog.digests);
      if (this.#stopped) return;
      const catalog = mergeCatalog(kept.catalog, news);
      // The replicas hold what was published before, and a failure of one leaves it behind: it gets everything then.
      const complete = kept.failures > 0;
      kept.catalog = catalog;
      await this.#publish({ project, catalog: complete ? catalog : news });
      kept.failures = 0;
      kept.lastError = undefined;
    } catch (error) {
      if (this.#stopped) return;
      if ((error as { code?: unknown }).code === 'MF508') {
        this.#projects.delete(project);
        this.#watched.delete(project);
        release(kept);
        await this.#publish({ project, catalog: null }).catch(() => {});
        return;
      }
      kept.failures += 1;
      kept.lastError = (error as Error).message;
      kept.changedAt ??= Date.now();
      this.#context.log.warn(
        { project, error: kept.lastError },
        'schema not reloaded, the old one serves on',
      );
    } finally {
      kept.loading = false;
      kept.loadedAt = Date.now();
      kept.loadMs = kept.loadedAt - began;
    }
    if (kept.changedAt === undefined || kept.failures > 0) release(kept);
    if (kept.changedAt !== undefined && !this.#stopped) {
      const retry = Math.min(firstRetryMs * 2 ** Math.max(0, kept.failures - 1), longestRetryMs);
      this.#schedule(project, kept, kept.failures === 0 ? Math.max(quietMs, kept.loadMs) : retry);
    }
  }

  #publish(delta: SchemaDelta): Promise<void> {
    return this.#context.publish(delta, { acknowledged: true });
  }

  snapshot(): SchemaSnapshot {
    return { catalogs: [...this.#projects.values()].map((kept) => kept.catalog) };
  }

  /** The catalogue kept for a project, when it is active. */
  get(project: string): Catalog | undefined {
    return this.#projects.get(project)?.catalog;
  }

  /** Projects whose last reload failed, with the reason. */
  get stale(): readonly { readonly project: string; readonly reason: string }[] {
    return [...this.#projects].flatMap(([project, kept]) =>
      kept.lastError === undefined ? [] : [{ project, reason: kept.lastError }],
    );
  }

  /** Projects whose first load failed, with the reason. */
  get missing(): readonly { readonly project: string; readonly reason: string }[] {
    return [...this.#missing].map(([project, { error }]) => ({ project, reason: error.message }));
  }

  get size(): number {
    return this.#projects.size;
  }

  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#missing.values()) clearTimeout(timer);
    for (const kept of this.#projects.values()) {
      clearTimeout(kept.timer);
      release(kept);
    }
  }
}

function release(kept: Kept): void {
  for (const resolve of kept.waiters.splice(0)) resolve();
}
