import type { IncomingMessage } from 'node:http';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { BodyBudget } from './body-budget.ts';

/** Why a body was not read to its end; the exchange answers it and closes the connection. */
export type BodyFailure = (error: MagFlockError) => void;

/**
 * Reads a request body into memory.
 * @param request the request; its headers have been read, nothing of its body
 * @param limit bytes; more than that is MF113 at the first byte too many
 * @param budget what this body shares with the others of the thread; what it took, it gives back at its end
 * @param interrupt receives a function that ends the reading with an error (a malformed chunk, a timeout)
 * @returns the bytes. Rejects with MF113, MF154 over the budget, MF606 when the client went away, or what `interrupt` was given
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  budget: BodyBudget,
  interrupt: (fail: BodyFailure) => void,
): Promise<Buffer> {
  return new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    const fail = (error: MagFlockError): void => {
      settle();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      if (received + chunk.length > limit) fail(bodyTooLarge(limit));
      else if (!budget.take(chunk.length)) {
        fail(new MagFlockError('MF154', 'Too many request bodies are arriving at the same time.'));
      } else {
        received += chunk.length;
        chunks.push(chunk);
      }
    };
    const onEnd = (): void => {
      settle();
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, received));
    };
    const onGone = (): void =>
      fail(new MagFlockError('MF606', 'The client went away before its body arrived.'));
    const settle = (): void => {
      budget.give(received);
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      // What still arrives must neither pile up nor raise an unhandled error.
      request.on('error', () => {});
    };
    interrupt(fail);
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}

/** @param limit bytes, setting `limits.bodyBytes` */
export function bodyTooLarge(limit: number): MagFlockError {
  return new MagFlockError('MF113', `The body is larger than ${limit} bytes.`, {
    fix: 'Send less at once, or raise limits.bodyBytes.',
    details: { limit },
  });
}
