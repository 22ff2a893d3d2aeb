import type { SettingName, Settings } from '../../config/settings.ts';
import type { BlockedAsk } from '../actor/blocked-ask.ts';
import type { Quotas } from '../actor/define-actor.ts';
import type { EndReason } from '../actor/terminated.ts';
import type { TopicInterest } from '../actor/thread-topics.ts';
import type { PostedLetters } from '../bus/dead-letter-post.ts';
import type { EventBatch } from '../bus/thread-events.ts';
import type { ErrorEnvelope } from '../errors/error-envelope.ts';
import type { Health } from '../motherboard/health.ts';
import type { Connection } from '../port/link.ts';
import type { DefinitionFacts } from './definition-facts.ts';
import type { HandedOver } from './hand-over.ts';
import type { Introspection } from './introspection.ts';
import type { StartedChild } from './placement.ts';
import type { Route } from './route.ts';

/** What a new worker thread is born with. */
export interface ThreadBirth {
  readonly thread: string;
  readonly incarnation: number;
  /** A worker of a pool. */
  readonly pooled?: boolean;
  readonly version: string;
  readonly settings: Settings;
  /** The log file, or null for none. */
  readonly logFile: string | null;
  readonly routes: readonly Route[];
  /** Counters of what is on its way between this thread and the main one. */
  readonly flows: SharedArrayBuffer;
  /** Where the main thread says what it does at the moment. */
  readonly mainMark: SharedArrayBuffer;
}

/** What the runtime knows of an actor at a moment. */
export interface ActorFacts {
  readonly version: string;
  readonly mailbox: number;
  readonly bytes: number;
  readonly running: number;
  readonly handled: number;
  readonly failed: number;
}

export interface StartOrder {
  /** Those of its specification. */
  readonly quotas?: Quotas | undefined;
  readonly name: string;
  readonly incarnation: number;
  /** href of the module that exports `actor`. */
  readonly module: string;
  readonly args: unknown;
  readonly replicas: readonly ReplicaOrder[];
  /** Messages it runs at the same time, whatever its definition says; for workers of a pool. */
  readonly concurrency?: number;
  /** The state of the incarnation it follows, in a hot swap. */
  readonly handedOver?: HandedOver;
}

export interface ReplicaOrder {
  readonly name: string;
  readonly module: string;
  readonly args: unknown;
}

/** What the main thread orders of a thread: the system lane, outside of all mailboxes. */
export interface ThreadOrders extends Introspection {
  /** Imports modules ahead of `start`, so that they are there when it comes. */
  load(request: { readonly modules: readonly string[] }): void;
  /** Loads, then starts replicas in order, then `init` and `start`; the actor answers nothing yet. */
  start(order: StartOrder): StartedChild;
  synchronise(request: { readonly name: string; readonly threads: readonly string[] }): void;
  open(request: { readonly name: string }): void;
  stop(request: { readonly name: string }): void;
  /** Stops the replicas and closes all ports: the thread has nothing more to do. */
  end(request: null): void;
  /** What a definition says of itself: that of the running incarnation, or that of a module. */
  describe(request: { readonly name: string; readonly module?: string }): DefinitionFacts;
  /** Starts replicas ahead of `start`. */
  carry(request: { readonly replicas: readonly ReplicaOrder[] }): void;
  suspend(request: { readonly name: string }): void;
  /** With `reopen` it takes its journal back first, which another incarnation may have opened. */
  resume(request: { readonly name: string; readonly reopen: boolean }): void;
  export(request: { readonly name: string }): HandedOver;
  /** Puts the next incarnation beside the suspended one, in its cell, with its state. */
  succeed(request: {
    readonly name: string;
    readonly incarnation: number;
    readonly module: string;
    readonly args: unknown;
  }): StartedChild;
  /** It takes the place of the old one. */
  takeOver(request: { readonly name: string }): void;
  /** Ends the one of both that is not in its place. */
  endSuccession(request: { readonly name: string }): void;
  /** Health of an incarnation that does not answer yet. */
  probe(request: { readonly name: string }): Health;
  /** The same as the message of this name, for those who must know when the thread has them. */
  routes(request: { readonly routes: readonly Route[] }): void;
  /** The same, of subscribers to topics. */
  topics(request: { readonly changes: readonly TopicInterest[] }): void;
  /** Ends the incarnation of an actor that has moved, and waits until its last messages have left. */
  retire(request: { readonly name: string }): void;
  healthCheck(request: { readonly name: string }): Health;
  capabilities(request: { readonly name: string }): readonly string[];
  configure(request: { readonly settings: Settings; readonly changed: readonly SettingName[] }): void;
  facts(request: null): Readonly<Record<string, ActorFacts>>;
  /** `getMetricsAsJSON` of the thread's registry. */
  metrics(request: null): readonly unknown[];
}

export type ToThread =
  | {
      readonly kind: 'order';
      readonly id: number;
      readonly order: keyof ThreadOrders;
      readonly request: unknown;
    }
  | { readonly kind: 'connect'; readonly peer: string; readonly connection: Connection }
  | {
      readonly kind: 'down';
      readonly thread: string;
      readonly incarnation: number;
      readonly reason?: EndReason | undefined;
    }
  | { readonly kind: 'topics'; readonly changes: readonly TopicInterest[] }
  /** Every thread knows that this one has subscribers to the topic. */
  | { readonly kind: 'topic-known'; readonly name: string }
  | { readonly kind: 'routes'; readonly routes: readonly Route[] }
  /** This ask of that thread waits in a circle. */
  | { readonly kind: 'deadlock'; readonly ask: number; readonly path: readonly string[] }
  | { readonly kind: 'events'; readonly batch: EventBatch };

/** What the main thread says to a thread that has no name yet. */
export type ToSpare =
  | { readonly kind: 'preload'; readonly modules: readonly string[] }
  | { readonly kind: 'assume'; readonly birth: ThreadBirth };

export type FromThread =
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorEnvelope }
  | { readonly kind: 'connect'; readonly thread: string }
  | { readonly kind: 'topic'; readonly name: string; readonly interested: boolean }
  /** Where the thread says what it does at the moment. */
  | { readonly kind: 'mark'; readonly buffer: SharedArrayBuffer }
  | { readonly kind: 'blocked'; readonly asks: readonly BlockedAsk[] }
  | { readonly kind: 'late-replica'; readonly thread: string; readonly owner: string }
  | PostedLetters
  | {
      readonly kind: 'exited';
      readonly name: string;
      readonly incarnation: number;
      readonly reason: EndReason;
    }
  | { readonly kind: 'events'; readonly batch: EventBatch }
  | { readonly kind: 'interested'; readonly name: string; readonly interested: boolean };
