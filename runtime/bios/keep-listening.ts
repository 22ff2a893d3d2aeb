import type { Motherboard } from '../motherboard/motherboard.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { PublicAddress } from './listen-everywhere.ts';

/** A CPU thread that was started again knows no address: it is told, as it was at the boot. */
export function keepListening(board: Motherboard, address: PublicAddress, log: Logger): void {
  board.events.on('component.restarted', async ({ path }) => {
    const name = path.match(/^\/(cpu-\d+)$/)?.[1];
    if (name === undefined) return;
    try {
      await board.get(name as `cpu-${number}`).ask('listen', { host: address.host, port: address.port });
      log.info({ part: name, port: address.port }, `${name} listens again`);
    } catch (thrown) {
      log.error({ err: thrown, part: name }, `${name} is back but does not listen`);
    }
  });
}
