import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly durationMs: number;
  /** The next request: its full target, `/api/item/17`, its body when it has one, and a header line of its own. */
  readonly next: () => { readonly path: string; readonly body?: string; readonly header?: string };
  /** Default `GET`. */
  readonly method?: string;
  /** Header lines without line ends, besides Host. */
  readonly headers: readonly string[];
  /** Requests per second over all connections; undefined means as fast as answers come. */
  readonly ratePerSecond?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly bytes: number;
  /** Answers outside 200 to 299, by status. */
  readonly failures: Readonly<Record<string, number>>;
}

const HEADER_END = Buffer.from('\r\n\r\n');

/**
 * Closed-loop HTTP/1.1 load over keep-alive connections, one request in flight on each. Speaks HTTP by hand so
 * that the generator costs little of the machine it shares with what it measures. Only completed answers count.
 * @throws when an answer has no Content-Length, since it could not be told where it ends
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = [];
  const failures: Record<string, number> = {};
  let bytes = 0;
  const startedAt = performance.now();
  const stopAt = startedAt + options.durationMs;
  const pause =
    options.ratePerSecond === undefined ? 0 : (options.connections * 1000) / options.ratePerSecond;
  const method = options.method ?? 'GET';

  const runConnection = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket: Socket = connect({ host: options.host, port: options.port, noDelay: true });
      const tail = ['', `Host: ${options.host}:${options.port}`, ...options.headers].join('\r\n');
      let pending: Buffer = Buffer.alloc(0);
      let sentAt = 0;
      let dueAt = startedAt + (pause * index) / options.connections;
      const finish = (): void => {
        socket.removeAllListeners();
        socket.on('error', () => {});
        socket.destroy();
        resolve();
      };
      const send = (): void => {
        const now = performance.now();
        if (now >= stopAt) {
          finish();
          return;
        }
        if (pause > 0 && now < dueAt) {
          setTimeout(send, dueAt - now);
          return;
        }
        // In open-loop runs the clock starts when the request was due, so a stalled server cannot hide its stalls.
        sentAt = pause > 0 ? dueAt : now;
        dueAt += pause;
        const { path, body, header } = options.next();
        const head = `${method} ${path} HTTP/1.1${tail}${header === undefined ? '' : `\r\n${header}`}`;
        if (body === undefined) socket.write(`${head}\r\n\r\n`);
        else
          socket.write(
            `${head}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
          );
      };
      socket.on('data', (chunk: Buffer) => {
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
        const end = pending.indexOf(HEADER_END);
        if (end < 0) return;
        const head = pending.toString('latin1', 0, end);
        const length = /\r\ncontent-length: *(\d+)/i.exec(head);
        if (length === null) return reject(new Error(`answer without Content-Length: ${head}`));
        const total = end + 4 + Number(length[1]);
        if (pending.length < total) return;
        bytes += total;
        pending = pending.subarray(total);
        const status = head.slice(9, 12);
        if (status.startsWith('2')) latencies.push(performance.now() - sentAt);
        else failures[status] = (failures[status] ?? 0) + 1;
        send();
      });
      socket.on('connect', send);
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('server closed a keep-alive connection')));
    });

  await Promise.all(Array.from({ length: options.connections }, (_, index) => runConnection(index)));
  const seconds = (performance.now() - startedAt) / 1000;
  latencies.sort((left, right) => left - right);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    requests: latencies.length,
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    bytes,
    failures,
  };
}
