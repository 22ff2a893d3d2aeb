import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One request as it went over the wire, and what came back. */
export interface TappedExchange {
  /** Milliseconds of a monotonic clock, when its first byte came. */
  readonly began: number;
  /** When the answer was over. */
  readonly ended: number;
  /** Head and body, at most 64 kB, as received. */
  readonly request: string;
  /** 0: no answer. */
  readonly status: number;
  /** Stable code of a refusal of MagFlock's own. */
  readonly code: string | undefined;
  /** Why the extension's statement was refused, as the extension says in the header `x-stopped`. */
  readonly stopped: string | undefined;
}

export interface Tap extends AsyncDisposable {
  readonly port: number;
  /** Those that are over since the last call. */
  take(): TappedExchange[];
}

const kept = 65_536;

/**
 * A listener that passes every byte on unchanged and remembers what was asked and answered. It knows one request a
 * connection, which is what sqlmap sends.
 * @param port of the daemon, on 127.0.0.1
 */
export async function tap(port: number): Promise<Tap> {
  let over: TappedExchange[] = [];
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    const began = performance.now();
    let request = '';
    let answer = '';
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      if (request.length < kept) request += chunk.toString('latin1');
    });
    upstream.on('data', (chunk: Buffer) => {
      if (answer.length < kept) answer += chunk.toString('latin1');
    });
    client.pipe(upstream);
    upstream.pipe(client);
    client.once('close', () => {
      open.delete(client);
      upstream.destroy();
      if (request !== '') over.push(exchangeOf(began, request, answer));
    });
    upstream.once('close', () => open.delete(upstream));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    take() {
      const taken = over;
      over = [];
      return taken;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function exchangeOf(began: number, request: string, answer: string): TappedExchange {
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0);
  const code = /"code": ?"(MF\d+)"/.exec(answer)?.[1];
  const stopped = /^x-stopped: *(\w+)/im.exec(answer)?.[1];
  return { began, ended: performance.now(), request, status, code, stopped };
}
