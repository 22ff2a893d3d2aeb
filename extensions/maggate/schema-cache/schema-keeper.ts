import type { Catalog, ExtensionContext } from '../../sdk/index.ts';
import type { SchemaDelta, SchemaSnapshot } from './schema-store.ts';

/** DDL comes in bursts; a change is read once no other followed for this long. */
const quietMs = 40;
/** A burst that does not end is read at least this often. */
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
  failures: number;
  lastError: string | undefined;
}

/**
 * Owner of the catalogues: one per active project, read again when its schema changes. The old one serves until
 * the new one is in every replica.
 */
export class SchemaKeeper {
  readonly #context: ExtensionContext;
  readonly #projects = new Map<string, Kept>();
  readonly #activating = new Map<string, Promise<Catalog>>();
  #stopped = false;

  constructor(context: ExtensionContext) {
    this.#context = context;
  }

  /** Loads a project, follows its changes, and answers when every replica has it. Again is cheap. */
  activate(project: string): Promise<Catalog> {
    const running = this.#activating.get(project);
    if (running !== undefined) return running;
    const promise = this.#activate(project).finally(() => this.#activating.delete(project));
    this.#activating.set(project, promise);
    return promise;
  }

  async #activate(project: string): Promise<Catalog> {
    const kept = this.#projects.get(project);
    if (kept !== undefined) {
      // A replica asked although it should have it: push again rather than reason about why.
      await this.#publish({ project, catalog: kept.catalog });
      return kept.catalog;
    }
    // Watch first: a change between reading and watching would go unseen.
    await this.#context.catalog.watch(project, () => this.#changed(project));
    const catalog = await this.#context.catalog.read(project);
    this.#projects.set(project, {
      catalog,
      changedAt: undefined,
      timer: undefined,
      loading: false,
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
    const waited = Date.now() - kept.changedAt;
    this.#schedule(project, kept, Math.max(0, Math.min(quietMs, longestWaitMs - waited)));
  }

  #schedule(project: string, kept: Kept, milliseconds: number): void {
    clearTimeout(kept.timer);
    kept.timer = setTimeout(() => void this.#reload(project, kept), milliseconds);
  }

  async #reload(project: string, kept: Kept): Promise<void> {
    kept.loading = true;
    kept.changedAt = undefined;
    try {
      const catalog = await this.#context.catalog.read(project);
      if (this.#stopped) return;
      // Reads can overtake each other only through a restart of Storage; a lower version is then older.
      kept.catalog = catalog;
      await this.#publish({ project, catalog });
      kept.failures = 0;
      kept.lastError = undefined;
    } catch (error) {
      if (this.#stopped) return;
      if ((error as { code?: unknown }).code === 'MF508') {
        this.#projects.delete(project);
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
    }
    if (kept.changedAt !== undefined && !this.#stopped) {
      const retry = Math.min(firstRetryMs * 2 ** Math.max(0, kept.failures - 1), longestRetryMs);
      this.#schedule(project, kept, kept.failures === 0 ? quietMs : retry);
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

  get size(): number {
    return this.#projects.size;
  }

  stop(): void {
    this.#stopped = true;
    for (const kept of this.#projects.values()) clearTimeout(kept.timer);
  }
}
