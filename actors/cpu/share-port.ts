import type { Logger } from '../../runtime/telemetry/logger.ts';
import type { Listener } from './listen.ts';

export interface SharedPort {
  readonly address: { readonly host: string; readonly port: number };
  /** False where this machine cannot share a port and another thread has it. */
  readonly listening: boolean;
}

/**
 * Listens on a port that all CPU threads share. Where the system cannot share one (macOS) the first thread serves
 * alone and the others stay idle: slower, and said so, but right.
 * @param path of the CPU actor; the first one ends with 0
 * @throws MF702 when the port is taken
 */
export async function sharePort(
  listener: Pick<Listener, 'listen'>,
  request: { readonly host: string; readonly port: number },
  path: string,
  log: Pick<Logger, 'warn'>,
): Promise<SharedPort> {
  const { host, port } = request;
  try {
    return { address: await listener.listen(host, port, true), listening: true };
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOTSUP') throw thrown;
  }
  if (/\D0$/.test(path)) return { address: await listener.listen(host, port, false), listening: true };
  log.warn({ part: path }, 'ports cannot be shared on this system: this CPU thread stays idle');
  return { address: { host, port }, listening: false };
}
