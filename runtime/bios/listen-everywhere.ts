import { MagFlockError } from '../errors/magflock-error.ts';
import type { Motherboard } from '../motherboard/motherboard.ts';
import { probePort } from './probe-port.ts';

export interface PublicAddress {
  readonly host: string;
  readonly port: number;
  /** Base address to call, without a slash at the end. */
  readonly url: string;
}

/**
 * Lets every CPU thread listen on one address. The first picks the port when it is 0, the others share it
 * (SO_REUSEPORT). Since a foreign process of the same user could share it just as silently, a fixed port is
 * probed alone right before.
 * @param cores number of CPU threads
 * @throws MagFlockError MF702
 */
export async function listenEverywhere(
  board: Motherboard,
  cores: number,
  wanted: { readonly host: string; readonly port: number },
): Promise<PublicAddress> {
  const probe = await probePort(wanted.host, wanted.port);
  if (!probe.free) {
    const holder = probe.holder === undefined ? '' : ` by ${probe.holder}`;
    throw new MagFlockError('MF702', `${wanted.host}:${wanted.port} ${probe.reason}${holder}`, {
      fix: '--port <another>, or stop that process',
    });
  }
  const first = await board.get('cpu-0').ask('listen', wanted);
  const address = { host: wanted.host, port: first.port };
  const others = Array.from({ length: cores - 1 }, (_, index) => index + 1);
  await Promise.all(others.map((index) => board.get(`cpu-${index}`).ask('listen', address)));
  return { ...address, url: `http://${callable(wanted.host)}:${first.port}` };
}

/** An address one can call, for one that means "all addresses". */
function callable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
