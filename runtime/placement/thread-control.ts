import type { Settings } from '../../config/settings.ts';
import type { DeadLetter } from '../bus/dead-letter.ts';
import type { EventBatch } from '../bus/thread-events.ts';
import type { ErrorEnvelope } from '../errors/error-envelope.ts';
import type { Health } from '../motherboard/health.ts';
import type { Connection } from '../port/link.ts';
import type { StartedChild } from './placement.ts';
import type { Route } from './route.ts';

/** What a new worker thread is born with. */
export interface ThreadBirth {
  readonly thread: string;
  readonly incarnation: number;
  readonly version: string;
  readonly settings: Settings;
  /** The log file, or null for none. */
  readonly logFile: string | null;
  readonly routes: readonly Route[];
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
  readonly name: string;
  readonly incarnation: number;
  /** href of the module that exports `actor`. */
  readonly module: string;
  readonly args: unknown;
  readonly replicas: readonly { readonly name: string; readonly module: string; readonly args: unknown }[];
}

/** What the main thread orders of a thread: the system lane, outside of all mailboxes. */
export interface ThreadOrders {
  /** Imports modules ahead of `start`, so that they are there when it comes. */
  load(request: { readonly modules: readonly string[] }): void;
  /** Loads, then starts replicas in order, then `init` and `start`; the actor answers nothing yet. */
  start(order: StartOrder): StartedChild;
  synchronise(request: { readonly name: string; readonly threads: readonly string[] }): void;
  open(request: { readonly name: string }): void;
  stop(request: { readonly name: string }): void;
  /** Stops the replicas and closes all ports: the thread has nothing more to do. */
  end(request: null): void;
  healthCheck(request: { readonly name: string }): Health;
  capabilities(request: { readonly name: string }): readonly string[];
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
  | { readonly kind: 'down'; readonly thread: string; readonly incarnation: number }
  | { readonly kind: 'routes'; readonly routes: readonly Route[] }
  | { readonly kind: 'events'; readonly batch: EventBatch };

export type FromThread =
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorEnvelope }
  | { readonly kind: 'connect'; readonly thread: string }
  | { readonly kind: 'late-replica'; readonly thread: string; readonly owner: string }
  | { readonly kind: 'dead-letter'; readonly letter: DeadLetter }
  | { readonly kind: 'events'; readonly batch: EventBatch }
  | { readonly kind: 'interested'; readonly name: string; readonly interested: boolean };
