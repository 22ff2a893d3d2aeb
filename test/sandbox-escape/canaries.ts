import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BroadcastChannel } from 'node:worker_threads';

/** What an escape would reach: each is really there, and each notices it. */
export interface Canaries extends AsyncDisposable {
  /** What a hostile program is told, so that it need not search. */
  readonly facts: CanaryFacts;
  /** Throws when one was touched. */
  untouched(): void;
}

export interface CanaryFacts {
  /** A folder of the host that anybody may write to, with a file that anybody may read. */
  readonly folder: string;
  readonly file: string;
  readonly port: number;
  readonly udpPort: number;
  /** A unix socket that anybody may connect to, as the control socket would be without its token. */
  readonly socket: string;
  readonly channel: string;
  readonly pid: number;
  /** Name of a variable of the environment. */
  readonly variable: string;
}

/** Never in what comes out of a cage. */
export const canaryText = 'canary-0b6a5b1c';

/** Puts the canaries out. File, socket and ports are open to every user: only the walls keep a cage away. */
export async function putCanaries(): Promise<Canaries> {
  const folder = mkdtempSync(join(tmpdir(), 'magflock-canary-'));
  const file = join(folder, 'secret.txt');
  writeFileSync(file, canaryText);
  const seen: string[] = [];
  const tcp = createServer((socket) => {
    seen.push('port');
    socket.destroy();
  }).listen(0, '127.0.0.1');
  const socket = join(folder, 'control.sock');
  const unix = createServer((connection) => {
    seen.push('socket');
    connection.destroy();
  }).listen(socket);
  const udp = createSocket('udp4', () => seen.push('datagram'));
  udp.bind(0, '127.0.0.1');
  await Promise.all([once(tcp, 'listening'), once(unix, 'listening'), once(udp, 'listening')]);
  chmodSync(folder, 0o777);
  chmodSync(file, 0o644);
  chmodSync(socket, 0o777);
  const variable = 'MAGFLOCK_CANARY';
  process.env[variable] = canaryText;
  const channel = new BroadcastChannel('magflock');
  channel.onmessage = () => seen.push('channel');
  const signals = (): void => void seen.push('signal');
  for (const name of ['SIGUSR1', 'SIGTERM', 'SIGHUP'] as const) process.on(name, signals);
  const host = globalThis as Record<string, unknown>;
  host['__magflockCanary'] = canaryText;
  const names = readdirSync(folder).sort();

  return {
    facts: {
      folder,
      file,
      port: (tcp.address() as AddressInfo).port,
      udpPort: udp.address().port,
      socket,
      channel: 'magflock',
      pid: process.pid,
      variable,
    },
    untouched() {
      assert.deepEqual(seen, []);
      assert.equal(readFileSync(file, 'utf8'), canaryText);
      assert.deepEqual(readdirSync(folder).sort(), names);
      assert.equal(process.env[variable], canaryText);
      assert.equal(host['__magflockCanary'], canaryText);
      for (const name of ['__PWN', 'pwned']) assert.equal(name in host, false);
      assert.equal(Object.keys(Object.prototype).length, 0);
      assert.equal(process.debugPort, 9229);
    },
    async [Symbol.asyncDispose]() {
      for (const name of ['SIGUSR1', 'SIGTERM', 'SIGHUP'] as const) process.off(name, signals);
      delete host['__magflockCanary'];
      delete process.env[variable];
      channel.close();
      udp.close();
      tcp.close();
      unix.close();
      await Promise.all([once(tcp, 'close'), once(unix, 'close')]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
