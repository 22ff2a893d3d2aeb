import { MagFlockError } from '../errors/magflock-error.ts';
import type { BackoffOptions } from './backoff.ts';
import type { ChildEnd, ChildLife } from './child-life.ts';
import type { ChildPolicy, ChildRecord } from './child-record.ts';
import { createChildRecord } from './create-child-record.ts';
import { SupervisorCore, type SupervisorCoreOptions } from './supervisor-core.ts';

export interface DynamicSupervisorOptions<Args>
  extends Pick<
    SupervisorCoreOptions<ChildRecord>,
    'intensity' | 'onIntensity' | 'autoShutdown' | 'clock' | 'onEnd' | 'onEvent'
  > {
  /** How every child is supervised, and how one is made. */
  readonly template: Omit<ChildPolicy, 'id' | 'required'> & { make(args: Args, id: string): ChildLife };
  readonly backoff?: BackoffOptions;
  /** Most children at a time; default no limit. */
  readonly maxChildren?: number;
}

/** Children by number, as OTP's `count_children` has them. */
export interface ChildCounts {
  /** Children it knows of, those between two lives included. */
  readonly specs: number;
  /** Children that run. */
  readonly active: number;
}

/**
 * Children of one kind that come and go: OTP's `simple_one_for_one`. A child that ends and is not restarted is
 * forgotten with its arguments. All of them are stopped at the same time.
 */
export class DynamicSupervisor<Args> {
  readonly #options: DynamicSupervisorOptions<Args>;
  readonly #core: SupervisorCore<ChildRecord>;
  #made = 0;
  #ended = false;

  /** Throws MF608 when the template is significant and could never end, or nobody would hear of it. */
  constructor(options: DynamicSupervisorOptions<Args>) {
    const { template, intensity, onIntensity, autoShutdown, clock, onEvent, onEnd } = options;
    if (
      template.significant === true &&
      ((template.restart ?? 'permanent') === 'permanent' || !autoShutdown)
    ) {
      throw new MagFlockError('MF608', 'template.significant needs autoShutdown and a restart that can end');
    }
    this.#options = options;
    this.#core = new SupervisorCore<ChildRecord>({
      intensity,
      onIntensity,
      autoShutdown,
      clock,
      order: (children) => children.map((child) => ({ child, after: [] })),
      onState: (child) => this.#forget(child),
      onEvent: (child, event) => onEvent?.(child, event),
      onEnd: (end: ChildEnd) => {
        this.#ended = true;
        onEnd?.(end);
      },
    });
  }

  /**
   * Starts one more child.
   * @param id default a number
   * @returns its id
   * @throws MF608 for an id that is taken, MF617 when there are too many, MF615 when it does not start
   */
  async startChild(args: Args, id = String(++this.#made)): Promise<string> {
    const { template, backoff, intensity, maxChildren = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#ended) throw new MagFlockError('MF601', 'the supervisor has ended');
    if (this.#core.get(id) !== undefined) throw new MagFlockError('MF608', `there is a child ${id} already`);
    if (this.#core.size >= maxChildren) {
      throw new MagFlockError('MF617', `there are ${maxChildren} children already`, {
        details: { maxChildren },
      });
    }
    const { make, ...policy } = template;
    this.#core.add(createChildRecord({ ...policy, id }, make(args, id), { backoff, intensity }));
    await this.#core.start(id);
    return id;
  }

  /** Stops a child and forgets it. @returns false when there is none */
  async terminateChild(id: string): Promise<boolean> {
    const known = this.#core.get(id) !== undefined;
    await this.#core.remove(id);
    return known;
  }

  /** A child has ended by itself. */
  exited(id: string, end: ChildEnd): void {
    this.#core.exited(id, end);
  }

  /** Stops a child that runs, or waits for its restart, and starts it at once. @returns its incarnation */
  restartChild(id: string): Promise<number> {
    return this.#core.restart(id);
  }

  countChildren(): ChildCounts {
    const children = this.#core.children();
    return { specs: children.length, active: children.filter(({ state }) => state === 'ready').length };
  }

  whichChildren(): readonly (Pick<ChildRecord, 'state' | 'incarnation'> & { readonly id: string })[] {
    return this.#core
      .children()
      .map(({ policy, state, incarnation }) => ({ id: policy.id, state, incarnation }));
  }

  /** Stops all children. @returns ids that had to be killed */
  async stop(): Promise<readonly string[]> {
    this.#ended = true;
    return this.#core.stopAll();
  }

  #forget({ policy, state }: ChildRecord): void {
    if (state === 'stopped' || state === 'failed') this.#core.forget(policy.id);
  }
}
