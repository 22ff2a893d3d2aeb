import { Buffer } from 'node:buffer';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { frameKind } from '../protocol/frame-kind.ts';
import type { LoadRequest } from '../protocol/load-request.ts';
import type { CageLine } from './cage-line.ts';
import type { PendingCall } from './pending-call.ts';
import { readBody } from './read-body.ts';
import type { TenantHost } from './tenant.ts';

/** System calls of one guest that the host is working on. */
export class SeatSyscalls {
  readonly #slot: number;
  readonly #request: LoadRequest;
  readonly #host: TenantHost;
  readonly #line: CageLine;
  readonly #running = new Map<string, AbortController>();

  constructor(slot: number, request: LoadRequest, host: TenantHost, line: CageLine) {
    this.#slot = slot;
    this.#request = request;
    this.#host = host;
    this.#line = line;
  }

  /** @throws RangeError when no cage sends it */
  receive(id: string, body: Buffer, calls: ReadonlyMap<string, PendingCall>): void {
    const [capability, method, args, callId] = readBody.syscall(body);
    const bound = this.#request.concurrentSyscalls;
    if (this.#running.has(id)) throw new RangeError('a system call with the id of another');
    const call = callId === null ? undefined : calls.get(callId);
    const controller = new AbortController();
    this.#running.set(id, controller);
    if (this.#running.size > bound) {
      this.#answer(
        id,
        new MagFlockError('MF664', 'Too many capability calls at the same time.', {
          details: { limit: 'concurrentSyscalls', max: bound },
        }),
      );
      return;
    }
    if (callId !== null && (call === undefined || call.settled)) {
      this.#answer(id, new MagFlockError('MF601', 'The call that this belongs to has ended.'));
      return;
    }
    call?.running.add(controller);
    const tag = call?.options.tag ?? null;
    this.#host.syscall({ capability, method, args, tag, signal: controller.signal }).then(
      (value) => {
        call?.running.delete(controller);
        this.#answer(id, undefined, value);
      },
      (thrown: unknown) => {
        call?.running.delete(controller);
        this.#answer(id, MagFlockError.from(thrown));
      },
    );
  }

  /** The guest is gone: what the host does for it is cancelled, and nothing is answered. */
  abort(): void {
    const running = [...this.#running.values()];
    this.#running.clear();
    for (const controller of running) controller.abort();
  }

  #answer(id: string, error: MagFlockError | undefined, value?: unknown): void {
    if (!this.#running.delete(id)) return;
    if (error === undefined) {
      try {
        this.#send(id, true, JSON.stringify(value) ?? 'null');
      } catch (thrown) {
        // Longer than a frame, or no JSON.
        this.#send(id, false, errorText(MagFlockError.from(thrown)));
      }
      return;
    }
    this.#send(id, false, errorText(error));
  }

  #send(id: string, fine: boolean, text: string): void {
    const body = Buffer.allocUnsafe(1 + Buffer.byteLength(text));
    body[0] = fine ? 1 : 0;
    body.write(text, 1, 'utf8');
    this.#line.send(frameKind.result, this.#slot, id, body);
  }
}

/** Without causes: they may name what a guest must not know. */
function errorText(error: MagFlockError): string {
  const { code, message, details, retryable } = error;
  if (code === 'MF699') return JSON.stringify({ code, message: 'The host could not do this.', retryable });
  return JSON.stringify({ code, message, retryable, ...(details === undefined ? {} : { details }) });
}
