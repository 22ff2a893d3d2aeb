import { createServer } from 'node:net';
import { portHolder } from './port-holder.ts';

export type PortProbe =
  | { readonly free: true }
  | {
      readonly free: false;
      readonly reason: string;
      readonly fix: string;
      /** `node (pid 4121)`, where the system tells. */
      readonly holder: string | undefined;
    };

const reasons: Readonly<Record<string, readonly [reason: string, fix: string]>> = {
  EADDRINUSE: ['in use', 'choose another port'],
  EACCES: ['not allowed (ports below 1024 need a privilege)', 'choose a port from 1024 on'],
  EADDRNOTAVAIL: ['is no address of this machine', 'choose another --host'],
  ENOTFOUND: ['cannot be resolved', 'choose another --host'],
  EAFNOSUPPORT: ['needs a protocol this machine does not have', 'choose another --host'],
};

/**
 * Whether this process could listen there alone. Binds without SO_REUSEPORT, which fails when anybody listens,
 * also with it, and lets go again at once.
 * @param port 0 is always free
 */
export function probePort(host: string, port: number): Promise<PortProbe> {
  const { promise, resolve } = Promise.withResolvers<PortProbe>();
  const server = createServer();
  server.once('error', (error: NodeJS.ErrnoException) => {
    const [reason, fix] = reasons[error.code ?? ''] ?? [error.message, 'choose another host and port'];
    const holder = error.code === 'EADDRINUSE' ? portHolder(port) : undefined;
    resolve({ free: false, reason, fix, holder });
  });
  server.listen({ host, port, exclusive: true, reusePort: false }, () => {
    server.close(() => resolve({ free: true }));
  });
  return promise;
}
