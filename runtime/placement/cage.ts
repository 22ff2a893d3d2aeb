import type { ActorRef, Protocol } from '../actor/actor-ref.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ActorHost } from './actor-host.ts';
import type { ChildExit, Placement } from './placement.ts';

/** What is known of a cage at a moment; for `status` and for those who decide what happens at a limit. */
export interface CageFacts {
  /** Process of the cage; null while it has none. */
  readonly pid: number | null;
  /** Bytes of physical memory of the whole process, as the operating system counts them. */
  readonly memoryBytes: number;
  /** Milliseconds of processor time since it started. */
  readonly cpuMs: number;
  /** Milliseconds since its last sign of life. */
  readonly silentMs: number;
}

/**
 * A placement for code that nobody trusts: an isolate in a process of its own. Beyond `Placement` it promises:
 * 1. **Front**: messages come to an actor in the main thread (`CageHost.front`) that hands them in. So mailbox,
 *    limits, deadlines and cancellation are those of every actor, and the cage holds none of them.
 * 2. **Heartbeat**: a cage that gives no sign of life for `heartbeatMs` (of the specification, else its own) is
 *    killed with SIGKILL, since nothing else ends a stuck isolate, and `onExit` says so.
 * 3. **Kill** ends it at once, whatever it does, and resolves when its process is gone. What it ran is answered
 *    MF601 and is not run again; what waited stays with the front for the next incarnation.
 * 4. **Facts** never wait for the cage: they are the operating system's, not its own.
 * 5. **Answers** are data: an error comes out as an envelope without a stack, and nothing that comes out is run.
 */
export interface CagePlacement extends Placement {
  /** Milliseconds without a sign of life before it is killed, where the specification says nothing. */
  readonly heartbeatMs: number;
  kill(spec: ChildSpec, reason: string): Promise<void>;
  facts(spec: ChildSpec): Promise<CageFacts>;
}

/** What the machine gives to the cage that is plugged into it. */
export interface CageHost {
  /** Actors of the main thread; a caged part is one of them to everybody else. */
  readonly front: Pick<ActorHost, 'thread' | 'start' | 'open' | 'stop' | 'abandon'>;
  readonly log: Logger;
  /** A ref for what the code in the cage asks of others, after its grants were looked at. */
  ref(path: string, from: string): ActorRef<Protocol>;
  /** The incarnation has ended without being asked to. */
  onExit(exit: ChildExit): void;
}
