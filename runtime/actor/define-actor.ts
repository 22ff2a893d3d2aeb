import type { SettingName, Settings } from '../../config/settings.ts';
import type { Health } from '../motherboard/health.ts';
import type { JournalOptions } from '../persistence/journal-options.ts';
import type { BackoffOptions } from '../supervision/backoff.ts';
import type { IntensityOptions } from '../supervision/intensity.ts';
import type { Strategy } from '../supervision/strategy.ts';
import type { ActorContext } from './actor-context.ts';
import type { Payload, Reply } from './actor-ref.ts';
import type { AnyMethods, InferredActor, InferredProtocol } from './protocol-of.ts';
import type { Terminated } from './terminated.ts';

/** What a method sees of the call it answers. */
export interface CallContext {
  readonly id: string;
  /** Path of the sender. */
  readonly from: string;
  /** Absolute, milliseconds since the epoch. */
  readonly deadline: number;
  /** Aborted when the asker cancels or the deadline passes. */
  readonly signal: AbortSignal;
  /** W3C traceparent, when the request had one. */
  readonly trace: string | undefined;
  /** Run again from the journal after a restart: its asker is gone, and side effects may have happened before. */
  readonly replayed: boolean;
  /**
   * Puts this message aside until `context.unstash()`; the method ends here. Its asker goes on waiting.
   * Throws MF603 when the stash is full.
   */
  stash(): never;
}

export interface MailboxOptions {
  /** Messages; default 10,000. */
  readonly limit?: number;
  /** Estimated bytes; default 64 MiB. */
  readonly bytes?: number;
  readonly overflow?: 'reject' | 'drop-oldest' | 'drop-newest' | 'wait';
}

/** What a message rate, a mailbox and a turn may come to, and what happens to the actor that exceeds it. */
export interface Quotas {
  /** Messages run per second. */
  readonly messagesPerSecond?: number;
  /** Estimated bytes waiting in the mailbox. */
  readonly mailboxBytes?: number;
  /** Milliseconds of one synchronous run of a method. */
  readonly turnMs?: number;
  /** `throttle` (default): it runs slower; `restart`: a new incarnation; `quarantine`: it stays down. */
  readonly onLimit?: 'throttle' | 'restart' | 'quarantine';
}

/** What an actor says of its children. */
export interface ChildSupervision {
  /** Default `one_for_one`. Another one covers all its children, temporary ones too. */
  readonly strategy?: Strategy;
  readonly intensity?: IntensityOptions;
  readonly backoff?: BackoffOptions;
  /** What too many restarts do: `escalate` (default) this actor crashes, `quarantine` the child stays down. */
  readonly onIntensity?: 'escalate' | 'quarantine';
}

/** How the state of an actor goes over to its next version in a hot swap. */
export interface Handover<State, Args> {
  /** Version of the exported state; counts up when its shape changes. */
  readonly version: number;
  /** The whole state as structured-cloneable data. The actor is suspended while and after it runs. */
  export(state: State): unknown | Promise<unknown>;
  /** Instead of `init` in the new incarnation. Throws when it cannot take over from that version. */
  adopt(context: ActorContext, exported: unknown, fromVersion: number, args: Args): State | Promise<State>;
}

export type Methods<State, P> = {
  readonly [M in keyof P & string]: (
    state: State,
    payload: Payload<P, M>,
    call: CallContext,
  ) => Reply<P, M> | Promise<Reply<P, M>>;
};

/**
 * An actor: private state, behaviour, mailbox. The same definition runs in every placement.
 *
 * Life of an incarnation:
 * 1. `init` builds the private state; the actor answers nothing yet.
 * 2. `start` begins work that others can see (listen, connect, tick); the parts it requires are ready.
 * 3. methods run, one message at a time unless `concurrency` says otherwise.
 * 4. `stop` ends that work within the stop budget; the mailbox is drained before it.
 */
export interface ActorDefinition<State, P, Args = undefined> {
  readonly name: string;
  /** Version of the behaviour (semver). */
  readonly version: string;
  /** Messages it runs at the same time; default 1. */
  readonly concurrency?: number;
  readonly mailbox?: MailboxOptions;
  /** An ask that comes back to it through an ask of its own is run at once instead of being refused as a deadlock. */
  readonly reentrant?: boolean;
  /**
   * What an error of a method that is not a MagFlockError does besides answering the asker: `answer` (default)
   * nothing, `crash` ends the incarnation.
   */
  readonly onFailure?: 'answer' | 'crash';
  /**
   * Told of each end of an actor it is linked to, a normal one too, instead of ending with it. As `trap_exit` in
   * Erlang, but here no reason is untrappable: `killed` comes like the others.
   */
  trapExits?(state: State, terminated: Terminated): void | Promise<void>;
  /** As an entity: milliseconds without a message after which it leaves memory; see `context.entities`. */
  readonly passivateAfterMs?: number;
  /** Messages it may put aside; default 1,000. */
  readonly stash?: { readonly limit: number };
  readonly quotas?: Quotas;
  /** How its children that are restarted are looked after; more restarts than the intensity crash this actor. */
  readonly supervision?: ChildSupervision;
  /** Its messages survive the daemon. */
  readonly journal?: JournalOptions<State, P>;
  /** Sets of methods that `context.become` puts in the place of those of the same name. */
  readonly behaviours?: Readonly<Record<string, Partial<Methods<State, P>>>>;
  /** Without it a hot swap is refused; `stateless` starts the new version from `init`. */
  readonly handover?: Handover<State, Args> | 'stateless';
  /** Version of its protocol, `major.minor`: another major does not follow in a hot swap while dependants run. */
  readonly contract?: string;
  /** Parts this version cannot do without; a hot swap to it is refused while one is not ready. */
  readonly requires?: readonly string[];
  init(context: ActorContext, args: Args): State | Promise<State>;
  start?(state: State): void | Promise<void>;
  stop?(state: State): void | Promise<void>;
  healthCheck?(state: State): Health | Promise<Health>;
  /** Settings have changed in the running machine. Runs between messages; `context.settings` is current by then. */
  onSettings?(state: State, settings: Settings, changed: readonly SettingName[]): void | Promise<void>;
  /** Facts for POST and for `status`: what this part can do here, in words a user reads. */
  getCapabilities?(state: State): readonly string[];
  /** What operators may see of its state (`magflock actor <path> state`): small, cheap to make. Secrets are masked. */
  inspect?(state: State): unknown;
  /** The whole state for a replica that starts; required of actors that have replicas. */
  snapshot?(state: State): unknown | Promise<unknown>;
  readonly methods: Methods<State, P>;
}

/**
 * Declares an actor. Purely typed: returns its argument.
 * @example
 * export const actor = defineActor<Counter, { add(n: number): number }>({
 *   name: 'counter', version: '1.0.0',
 *   init: () => ({ total: 0 }),
 *   methods: { add: (state, n) => (state.total += n) },
 * });
 */
export function defineActor<State, P, Args = undefined>(
  definition: ActorDefinition<State, P, Args>,
): ActorDefinition<State, P, Args>;
/**
 * The same without naming anything: state and arguments are those of `init`, the protocol is that of the methods
 * (`ProtocolOf<typeof actor>`). The fourth parameter keeps it apart from the form with named types.
 */
export function defineActor<State, M extends AnyMethods<State>, Args, _Inferred>(
  definition: InferredActor<State, M, Args>,
): ActorDefinition<State, InferredProtocol<M>, Args>;
export function defineActor(definition: unknown): unknown {
  return definition;
}
