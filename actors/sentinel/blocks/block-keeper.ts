import type { ActorContext } from '../../../runtime/actor/actor-context.ts';
import { didYouMean } from '../../../runtime/errors/did-you-mean.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { AuditFact } from '../../../runtime/protocol/audit.protocol.ts';
import type { AddressBlock, Incident } from '../../../runtime/protocol/sentinel.protocol.ts';
import { Gauge } from '../../../runtime/telemetry/gauge.ts';
import { auditBlock } from './audit-block.ts';
import { BlockList, type BlockListState, type KeptBlock } from './block-list.ts';
import { BlockStore } from './block-store.ts';
import { LatestPublisher } from './latest-publisher.ts';

export interface BlockKeeperNeeds {
  readonly context: ActorContext;
  /** Hands an entry to the audit trail; never throws. */
  readonly audit: (fact: AuditFact) => void;
  readonly now: () => number;
}

/** What goes over in a hot swap. */
export interface KeptBlocks {
  readonly list: BlockListState;
  /** Not in the database yet. */
  readonly unsaved: readonly KeptBlock[];
  readonly loaded: boolean;
}

const trimEveryMs = 3_600_000;

/**
 * Blocked addresses: made from incidents, pushed to every CPU thread, kept in the control database, ended by time or by
 * an operator. A block is in force before it is durable: a database that is away must not help an attacker. Lifting is
 * the other way round: durable first, or it would come back with a restart.
 */
export class BlockKeeper {
  readonly #needs: BlockKeeperNeeds;
  readonly #list = new BlockList();
  readonly #store: BlockStore;
  readonly #publisher: LatestPublisher;
  readonly #gauge: Gauge;
  #unsaved = new Map<string, KeptBlock>();
  #saving: Promise<void> | undefined;
  #loaded = false;
  #unpublished = false;
  #trimmedAt = 0;

  constructor(needs: BlockKeeperNeeds) {
    this.#needs = needs;
    const { context } = needs;
    this.#store = new BlockStore(context.part('storage'));
    this.#publisher = new LatestPublisher(() =>
      context.publish({ blocks: this.snapshot() }, { acknowledged: true }),
    );
    this.#gauge = new Gauge({
      name: 'magflock_sentinel_blocked_addresses',
      help: 'Addresses (with the key they used) that are refused everything now.',
      registers: [context.metrics],
      collect: () => this.#gauge.set(this.#list.size),
    });
  }

  get size(): number {
    return this.#list.size;
  }

  /** Blocks that are in force but would not survive a restart now. */
  get unsaved(): number {
    return this.#unsaved.size;
  }

  /** False while the blocks of the last life could not be read. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Takes the blocks of the database. When it does not answer, `tick` tries again. */
  async load(): Promise<void> {
    try {
      this.#list.load({ blocks: await this.#store.load(), offences: [] }, this.#needs.now());
      this.#loaded = true;
    } catch (error) {
      this.#needs.context.log.error({ err: error }, 'blocked addresses could not be read; trying again');
    }
  }

  adopt({ list, unsaved, loaded }: KeptBlocks): void {
    this.#list.load(list, this.#needs.now());
    this.#unsaved = new Map(unsaved.map((block) => [block.id, block]));
    this.#loaded = loaded;
  }

  async export(): Promise<KeptBlocks> {
    await this.#saving;
    return { list: this.#list.state(), unsaved: [...this.#unsaved.values()], loaded: this.#loaded };
  }

  /** What the CPU threads refuse: nothing in mode `simulate`. */
  snapshot(): readonly AddressBlock[] {
    return this.#needs.context.settings['sentinel.mode'] === 'block' ? this.list(undefined) : [];
  }

  list(project: string | undefined): readonly AddressBlock[] {
    return this.#list.list(project).map(({ seconds: _seconds, ...block }) => block);
  }

  /** An incident has happened: it may block its caller. Returns at once; the threads know within a second. */
  note(incident: Incident): void {
    const { context, now, audit } = this.#needs;
    const rules = {
      after: context.settings['sentinel.blockAfter'],
      seconds: context.settings['sentinel.blockSeconds'],
    };
    const outcome = this.#list.note(incident, rules, now());
    if (outcome.kind === 'would-block') {
      context.log.warn(
        {
          project: incident.project,
          address: outcome.address,
          key: incident.keyId,
          seconds: outcome.seconds,
        },
        'would block this address; not done in mode simulate',
      );
    }
    if (outcome.kind !== 'blocked') return;
    const { block } = outcome;
    const began = performance.now();
    void this.#push().then((done) => {
      const ms = Math.round(performance.now() - began);
      if (done) context.log.info({ block: block.id, ms }, 'address blocked in every CPU thread');
    });
    this.#unsaved.set(block.id, block);
    void this.#save();
    context.events.emit('threat.address.blocked', {
      block: block.id,
      project: block.project,
      address: block.address,
      key: block.keyId ?? '',
      until: block.until,
      incidents: block.incidents.length,
    });
    audit(auditBlock(block, 'block-address', incident.agent));
  }

  /**
   * Ends the block of this id, or all of this address; every CPU thread knows before it answers.
   * @throws MF311 when there is none, MF503 when it cannot be made to last
   */
  async unblock(target: string): Promise<readonly AddressBlock[]> {
    const { context, audit } = this.#needs;
    const found = this.#list.find(target);
    if (found.length === 0) throw this.#notFound(target);
    const ids = found.map(({ id }) => id);
    while (this.#saving !== undefined) await this.#saving;
    const unsaved = found.filter(({ id }) => this.#unsaved.delete(id));
    try {
      await this.#store.remove(ids);
    } catch (error) {
      for (const block of unsaved) this.#unsaved.set(block.id, block);
      throw error;
    }
    for (const block of found) this.#list.lift(block);
    this.#unpublished = true;
    await this.#publisher.publish();
    this.#unpublished = false;
    for (const block of found) {
      this.#announceEnd(block, 'operator');
      audit(auditBlock(block, 'unblock-address', 'operator'));
    }
    context.log.info({ blocks: ids }, 'blocked addresses lifted by an operator');
    return found.map(({ seconds: _seconds, ...block }) => block);
  }

  /** Once a second: ends what is over, and does again what did not succeed. */
  async tick(): Promise<void> {
    const now = this.#needs.now();
    if (!this.#loaded) {
      await this.load();
      this.#unpublished ||= this.#loaded;
    }
    const ended = this.#list.expire(now);
    for (const block of ended) this.#announceEnd(block, 'time');
    if (ended.length > 0 || this.#unpublished) await this.#push();
    await this.#save();
    if (now - this.#trimmedAt < trimEveryMs) return;
    this.#trimmedAt = now;
    await this.#store.trim().catch((error: unknown) => {
      this.#needs.context.log.warn({ err: error }, 'ended blocks could not be trimmed');
    });
  }

  /** Its blocks go with a project. @throws MF503 */
  async forgetProject(project: string): Promise<void> {
    const gone = this.#list.forgetProject(project);
    for (const { id } of gone) this.#unsaved.delete(id);
    if (gone.length > 0) await this.#push();
    while (this.#saving !== undefined) await this.#saving;
    await this.#store.removeProject(project);
  }

  /** Before the end: what is in force is durable, if the database answers. */
  async close(): Promise<void> {
    await this.#save();
  }

  /** @returns whether every thread has it */
  async #push(): Promise<boolean> {
    try {
      this.#unpublished = true;
      await this.#publisher.publish();
      this.#unpublished = false;
      return true;
    } catch (error) {
      this.#needs.context.log.error({ err: error }, 'blocked addresses did not reach every CPU thread');
      return false;
    }
  }

  #save(): Promise<void> {
    if (this.#unsaved.size === 0) return this.#saving ?? Promise.resolve();
    this.#saving ??= this.#write().finally(() => (this.#saving = undefined));
    return this.#saving;
  }

  async #write(): Promise<void> {
    const blocks = [...this.#unsaved.values()];
    try {
      await this.#store.insert(blocks);
      for (const { id } of blocks) this.#unsaved.delete(id);
    } catch (error) {
      this.#needs.context.log.error(
        { err: error, blocks: blocks.length },
        'blocked addresses are not durable',
      );
    }
  }

  #announceEnd({ id, project, address }: KeptBlock, by: 'operator' | 'time'): void {
    this.#needs.context.events.emit('threat.address.unblocked', { block: id, project, address, by });
  }

  #notFound(target: string): MagFlockError {
    const blocks = this.#list.list();
    const near = didYouMean(
      target,
      blocks.flatMap(({ id, address }) => [id, address]),
    );
    return new MagFlockError('MF311', `Nothing is blocked by the id or address ${JSON.stringify(target)}.`, {
      fix:
        near === undefined
          ? `${blocks.length} addresses are blocked now; magflock blocks lists them.`
          : `Did you mean ${near}?`,
    });
  }
}
