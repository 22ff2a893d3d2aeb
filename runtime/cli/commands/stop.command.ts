import { MagFlockError } from '../../errors/magflock-error.ts';
import type { MotherboardProtocol } from '../../protocol/motherboard.protocol.ts';
import type { Command } from '../command.ts';
import { processIsAlive } from '../process-is-alive.ts';
import { readPostmasterPid } from '../read-postmaster-pid.ts';

const pollMs = 50;

export const stopCommand = {
  name: 'stop',
  group: 'machine',
  summary: 'stop the daemon and wait until all of it is down',
  description: 'Requests in flight may finish (setting shutdown.drainMs). No process is left behind.',
  examples: [
    { command: 'magflock stop', does: 'stop the daemon of ./.magflock' },
    { command: 'magflock stop --data /srv/shop', does: 'the one of another folder' },
  ],
  async run({ daemon, output, settings, signal }) {
    const client = await daemon();
    const status = await client.ask<ReturnType<MotherboardProtocol['status']>>('GET', '/status');
    const postmaster = readPostmasterPid(client.address.dataDir);
    const pids = [status.pid, ...(postmaster === undefined ? [] : [postmaster])];
    const started = Date.now();
    await client.ask('POST', '/stop', { reason: 'magflock stop' });
    const budgetMs = (await settings())['shutdown.drainMs'] + 60_000;
    while (pids.some((pid) => processIsAlive(pid))) {
      if (signal.aborted) throw new MagFlockError('MF807', 'no longer waiting; the daemon goes on stopping');
      if (Date.now() - started > budgetMs) throw stillThere(pids.filter((pid) => processIsAlive(pid)));
      output.progress(`stopping … ${((Date.now() - started) / 1000).toFixed(0)} s`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    if (output.json) output.document({ stopped: true, pid: status.pid, ms: Date.now() - started });
    else output.talk(`stopped daemon ${status.pid} in ${seconds} s`);
    return undefined;
  },
} satisfies Command;

function stillThere(pids: readonly number[]): MagFlockError {
  return new MagFlockError('MF602', `process ${pids.join(' and ')} did not end in time`, {
    fix: `kill -9 ${pids.join(' ')}    (the next start cleans up)`,
  });
}
