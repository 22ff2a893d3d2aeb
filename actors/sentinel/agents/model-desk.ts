import type { ActorContext } from '../../../runtime/actor/actor-context.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ModelVersion } from '../../../runtime/protocol/patrol.protocol.ts';
import type { ModelShelf } from '../../../runtime/protocol/sentinel.protocol.ts';
import { agentName } from '../incidents/make-incident.ts';
import { ModelShelfKeeper } from '../shelf/model-shelf.ts';

/** What is wrong with the models, for the state of the agent. */
export interface ModelProblems {
  /** Why no model works; null when one does. */
  readonly none: string | null;
  /** What should judge and cannot; another version does in its place. */
  readonly faults: readonly string[];
  /** What nobody uses. */
  readonly others: readonly string[];
}

export interface ModelDeskNeeds {
  readonly context: ActorContext;
  /** Resolves when every CPU thread has the versions in force. */
  readonly publish: () => Promise<void>;
  /** Other versions are in force, or none. */
  readonly changed: (shelf: ModelShelf | null, problems: ModelProblems) => void;
  /** Default: the models that come with MagFlock. */
  readonly shippedFolder?: string;
}

/** How long a worker may take to load a version, milliseconds. */
const prepareMs = 60_000;

/**
 * Which versions of SQLGuard's models judge. Changes run one after the other; a worker has loaded a version before
 * requests meet it, and every CPU thread knows of it before a change is answered.
 */
export class ModelDesk {
  readonly #needs: ModelDeskNeeds;
  #keeper: ModelShelfKeeper | undefined;
  #missing: string | null = 'the models are not loaded yet';
  #lastChange: Promise<unknown> = Promise.resolve();
  #goesBack = false;

  constructor(needs: ModelDeskNeeds) {
    this.#needs = needs;
  }

  /** Null while there is no model that works. */
  get shelf(): ModelShelf | null {
    return this.#keeper?.state() ?? null;
  }

  /** For the CPU threads. */
  get snapshot(): { readonly active: ModelVersion; readonly shadow: ModelVersion | null } | null {
    const shelf = this.shelf;
    return shelf === null ? null : { active: shelf.active, shadow: shelf.shadow };
  }

  /** Never throws: without models the signatures go on, and status says why. */
  async open(): Promise<void> {
    const { context, shippedFolder } = this.#needs;
    try {
      this.#keeper = await ModelShelfKeeper.open({
        dataFolder: context.settings.dataDir,
        log: context.log,
        prepare: (version) => this.#prepare(version),
        ...(shippedFolder === undefined ? {} : { shippedFolder }),
      });
      this.#missing = null;
    } catch (thrown) {
      const error = MagFlockError.from(thrown);
      this.#missing = `${error.code} ${error.message}`;
      context.log.error({ err: error }, 'no models; signatures alone decide');
    }
    this.#changed();
  }

  /** @throws MF315 while there is no model that works */
  state(): ModelShelf {
    return this.#require().state();
  }

  rescan(): Promise<ModelShelf> {
    return this.#change('damaged', (keeper) => keeper.rescan());
  }

  /** @throws MF312, MF313, MF314; whatever keeps a worker from loading it */
  promote(version: string): Promise<ModelShelf> {
    return this.#change('promote', (keeper) => keeper.promote(version));
  }

  /** @throws MF312, MF314 */
  rollback(): Promise<ModelShelf> {
    return this.#change('rollback', async (keeper) => {
      this.#goesBack = true;
      try {
        await keeper.rollback();
      } finally {
        this.#goesBack = false;
      }
    });
  }

  /** @throws MF312, MF314; whatever keeps a worker from loading it */
  shadow(version: string | null): Promise<ModelShelf> {
    return this.#change('shadow', (keeper) => keeper.shadow(version));
  }

  #change(reason: string, work: (keeper: ModelShelfKeeper) => Promise<unknown>): Promise<ModelShelf> {
    const change = this.#lastChange
      .catch(() => {})
      .then(async () => {
        const before = this.shelf?.active.version ?? '';
        // The files may have been put back since.
        if (this.#keeper === undefined) await this.open();
        try {
          await work(this.#require());
        } finally {
          // One that failed has looked at the files again, too.
          await this.#tell(before, reason);
        }
        return this.state();
      });
    this.#lastChange = change;
    return change;
  }

  async #tell(before: string, reason: string): Promise<void> {
    this.#changed();
    const version = this.shelf?.active.version ?? '';
    await this.#needs.publish();
    if (version === before) return;
    this.#needs.context.log.info({ version, before, reason }, 'another version of the models judges');
    this.#needs.context.events.emit('sentinel.model.changed', { agent: agentName, version, before, reason });
  }

  #changed(): void {
    const faults = this.#keeper?.faults() ?? [];
    const others = (this.#keeper?.problems() ?? []).filter((problem) => !faults.includes(problem));
    this.#needs.changed(this.shelf, { none: this.#missing, faults, others });
  }

  /** A version that no worker can load must not become anybody's; only the way back does not depend on workers. */
  async #prepare(version: ModelVersion): Promise<void> {
    const { context } = this.#needs;
    try {
      await context.part('patrol').ask('prepare', { version }, { timeoutMs: prepareMs });
    } catch (error) {
      if (!this.#goesBack || MagFlockError.from(error).code === 'MF314') throw error;
      context.log.warn(
        { err: error, version: version.version },
        'no worker could try the version; going back to it',
      );
    }
  }

  #require(): ModelShelfKeeper {
    if (this.#keeper !== undefined) return this.#keeper;
    throw new MagFlockError('MF315', `SQLGuard has no models: ${this.#missing ?? ''}`);
  }
}
