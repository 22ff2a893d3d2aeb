import { chmodSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

/** Ways to listen, settled when the server really does. */
export const listen = {
  /**
   * On a unix socket that only its owner may open. A socket file left by a killed daemon is removed: the lock on
   * the data folder says that nobody serves it.
   * @throws MagFlockError MF705
   */
  async socket(server: Server, path: string): Promise<void> {
    rmSync(path, { force: true });
    await settled(server, () => server.listen(path), 'MF705', `the control socket ${path}`);
    chmodSync(path, 0o600);
  },
  /**
   * On a TCP port, alone (no SO_REUSEPORT).
   * @returns the base URL really bound
   * @throws MagFlockError MF702
   */
  async tcp(server: Server, host: string, port: number): Promise<string> {
    const where = `the admin listener ${host}:${port}`;
    await settled(server, () => server.listen({ host, port, exclusive: true }), 'MF702', where);
    const address = server.address();
    const bound = typeof address === 'object' && address !== null ? address.port : port;
    return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  },
} as const;

function settled(server: Server, begin: () => void, code: 'MF702' | 'MF705', what: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const failed = (error: NodeJS.ErrnoException): void =>
    reject(
      new MagFlockError(code, `${what} cannot be opened: ${error.code ?? error.message}`, { cause: error }),
    );
  server.once('error', failed);
  server.once('listening', () => {
    server.off('error', failed);
    resolve();
  });
  begin();
  return promise;
}
