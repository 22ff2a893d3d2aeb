import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  /** Everything the server sent, Latin-1. */
  readonly text: string;
  /** True when the server closed the connection. */
  readonly closed: boolean;
  /** Code of a connection error (`ECONNRESET`), when there was one. */
  readonly error: string | undefined;
  readonly ms: number;
}

export interface RawOptions {
  /** Ends the exchange without waiting for the server to close. */
  readonly until?: (text: string) => boolean;
  readonly timeoutMs?: number;
  /** Half-closes after sending. */
  readonly end?: boolean;
}

/** Sends bytes on a bare socket and collects what comes back. A generator of bytes is sent piece by piece. */
export async function rawExchange(
  port: number,
  bytes: string | Buffer | AsyncIterable<Buffer | string>,
  options: RawOptions = {},
): Promise<RawAnswer> {
  const started = performance.now();
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  let closed = false;
  let error: string | undefined;
  const over = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, options.timeoutMs ?? 5_000);
    const finish = (): void => {
      clearTimeout(timer);
      resolve();
    };
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (options.until?.(text)) finish();
    });
    socket.on('end', () => {
      closed = true;
      finish();
    });
    socket.on('error', (failure: NodeJS.ErrnoException) => {
      error = failure.code;
      closed = true;
      finish();
    });
  });
  const sending = send(socket, bytes, options.end === true);
  await over;
  socket.destroy();
  await sending;
  return { text, closed, error, ms: performance.now() - started };
}

async function send(
  socket: Socket,
  bytes: string | Buffer | AsyncIterable<Buffer | string>,
  end: boolean,
): Promise<void> {
  if (typeof bytes === 'string' || Buffer.isBuffer(bytes)) socket.write(bytes, 'latin1');
  else {
    for await (const piece of bytes) {
      if (socket.destroyed || !socket.writable) return;
      if (!socket.write(piece, 'latin1')) {
        await new Promise<void>((resolve) => {
          socket.once('drain', resolve).once('close', resolve);
        });
      }
    }
  }
  if (end && !socket.destroyed) socket.end();
}

/** The status of each answer in what came back. */
export function statuses(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
}
