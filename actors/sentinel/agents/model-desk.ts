import type { ActorContext } from '../../../runtime/actor/actor-context.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ModelVersion } from '../../../runtime/protocol/patrol.protocol.ts';
import type { ModelShelf } from '../../../runtime/protocol/sentinel.protocol.ts';
import { agentName } from '../incidents/make-incident.ts';
import type { ModelKeeper } from './model-keeper.ts';

export interface ModelDeskNeeds {
  readonly context: ActorContext;
  readonly open: () => Promise<ModelKeeper>;
  /** Resolves when every CPU thread has it. */
  readonly publish: () => Promise<void>;
  /** Another shelf is in force, or none: why. */
  readonly changed: (shelf: ModelShelf | null, problem: string | null) => void;
}

/** How long a worker may take to load a version, milliseconds. */
const prepareMs = 60_000;

/**
 * Which versions of SQLGuard's models judge. Changes run one after the other; a version has been loaded by a worker
 * before requests meet it, and every CPU thread knows of it before a change is answered.
 */
export class ModelDesk {
  readonly #needs: ModelDeskNeeds;
  #keeper: ModelKeeper | undefined;
  #problem: string | null = null;
  #lastChange: Promise<unknown> = Promise.resolve();

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
    try {
      this.#keeper = await this.#needs.open();
      this.#problem = null;
    } catch (thrown) {
      const error = MagFlockError.from(thrown);
      this.#problem = `${error.code} ${error.message}`;
      this.#needs.context.log.error({ err: error }, 'no models; signatures alone decide');
    }
    this.#needs.changed(this.shelf, this.#problem);
  }

  /** @throws MF315 while there is no model that works */
  state(): ModelShelf {
    return this.#require().state();
  }

  rescan(): Promise<ModelShelf> {
    return this.#change('damaged', async (keeper) => void (await keeper.rescan()));
  }

  /** @throws MF312, MF313, MF314 */
  promote(version: string): Promise<ModelShelf> {
    return this.#change('promote', async (keeper) => {
      await this.#prepare(keeper, version);
      await keeper.promote(version);
    });
  }

  /** The way back does not depend on workers. @throws MF312 */
  rollback(): Promise<ModelShelf> {
    return this.#change('rollback', async (keeper) => void (await keeper.rollback()));
  }

  /** @throws MF312, MF314 */
  shadow(version: string | null): Promise<ModelShelf> {
    return this.#change('shadow', async (keeper) => {
      if (version !== null) await this.#prepare(keeper, version);
      await keeper.shadow(version);
    });
  }

  #change(reason: string, work: (keeper: ModelKeeper) => Promise<void>): Promise<ModelShelf> {
    const change = this.#lastChange
      .catch(() => {})
      .then(async () => {
        const before = this.shelf?.active.version ?? '';
        // The files may have been put back since.
        if (this.#keeper === undefined) await this.open();
        await work(this.#require());
        const shelf = this.#require().state();
        this.#needs.changed(shelf, null);
        await this.#needs.publish();
        if (shelf.active.version !== before) {
          this.#needs.context.events.emit('sentinel.model.changed', {
            agent: agentName,
            version: shelf.active.version,
            before,
            reason,
          });
        }
        return shelf;
      });
    this.#lastChange = change;
    return change;
  }

  /** A version that no worker can load must not become anybody's. Unknown ones are the keeper's to refuse. */
  async #prepare(keeper: ModelKeeper, version: string): Promise<void> {
    const { candidates, previous } = keeper.state();
    const found = [...candidates, previous].find((one) => one?.version === version);
    if (found === undefined || found === null) return;
    await this.#needs.context.part('patrol').ask('prepare', { version: found }, { timeoutMs: prepareMs });
  }

  #require(): ModelKeeper {
    if (this.#keeper !== undefined) return this.#keeper;
    throw new MagFlockError('MF315', `SQLGuard has no models: ${this.#problem ?? 'not loaded yet'}`);
  }
}
