import { connect, type Socket } from 'node:net';

export interface Load {
  readonly port: number;
  readonly connections: number;
  readonly milliseconds: number;
  /** The whole request as it goes over the wire. */
  readonly request: string;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * Keeps connections busy with one request after the other. Written on bare sockets: an HTTP client would cost more
 * than the server it measures. Answers must carry Content-Length and fit the usual shape.
 */
export async function keepAliveLoad(load: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const end = performance.now() + load.milliseconds;
  const started = performance.now();
  await Promise.all(Array.from({ length: load.connections }, () => oneConnection(load, end, latencies)));
  const seconds = (performance.now() - started) / 1000;
  latencies.sort((one, other) => one - other);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { requestsPerSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99) };
}

function oneConnection(load: Load, end: number, latencies: number[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket: Socket = connect(load.port, '127.0.0.1');
  const request = Buffer.from(load.request);
  let sentAt = 0;
  let pending = '';
  const send = (): void => {
    sentAt = performance.now();
    socket.write(request);
  };
  socket.setNoDelay(true);
  socket.on('connect', send);
  socket.on('error', reject);
  socket.on('data', (chunk) => {
    pending += chunk.toString('latin1');
    const head = pending.indexOf('\r\n\r\n');
    if (head === -1) return;
    const length = /content-length: (\d+)/i.exec(pending.slice(0, head))?.[1];
    if (pending.length < head + 4 + Number(length)) return;
    if (!pending.startsWith('HTTP/1.1 200')) {
      reject(new Error(`Unexpected answer: ${pending.slice(0, 300)}`));
      socket.destroy();
      return;
    }
    pending = '';
    const now = performance.now();
    latencies.push(now - sentAt);
    if (now < end) send();
    else socket.end(() => resolve());
  });
  return promise;
}
