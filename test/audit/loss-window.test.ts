import { deepEqual, ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { BenchOfAudit } from './bench-of-audit.ts';

/** Entries without a transaction that nobody waits for: which of them a `kill -9` takes along. */
describe('the loss window of entries without a transaction', function () {
  this.timeout(40_000);
  let bench: BenchOfAudit;
  before(async () => {
    bench = await BenchOfAudit.create(['main']);
  });
  after(() => bench.close());

  it('is a few commits long: what a kill -9 takes are the newest entries only', async function () {
    let longest = 0;
    let mostLost = 0;
    let perSecond = 0;
    for (let round = 0; round < 3; round++) {
      await bench.clear();
      const child = spawn(
        process.execPath,
        [
          new URL('./appending-child.ts', import.meta.url).pathname,
          JSON.stringify(bench.storage.connection('control')),
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      while (output.split('\n').length < 2000) await new Promise((resolve) => setTimeout(resolve, 5));
      const killedAt = Date.now();
      child.kill('SIGKILL');
      await once(child, 'close');
      const told = output
        .split('\n')
        .filter((line) => line.includes(' '))
        .map((line) => ({ id: line.split(' ')[0], at: Number(line.split(' ')[1]) }));
      // The server may still be at the last statement of the dead client.
      await new Promise((resolve) => setTimeout(resolve, 200));
      const rows = await bench.storage.sql('control', 'select id::text from cp_audit.entries order by seq');
      deepEqual(
        rows.map((row) => row.id),
        told.slice(0, rows.length).map(({ id }) => id),
        'what is there is what was told first, in order',
      );
      ok((await bench.verify('main')).ok);
      perSecond = Math.round(told.length / ((told.at(-1)!.at - told[0]!.at) / 1000));
      const lost = told.slice(rows.length);
      mostLost = Math.max(mostLost, lost.length);
      longest = Math.max(longest, ...lost.map(({ at }) => killedAt - at));
    }
    this.test!.title += ` (measured: ${longest} ms, ${mostLost} entries at ${perSecond} a second)`;
    ok(longest < 1000, `an entry told ${longest} ms before the kill is lost`);
  });
});
