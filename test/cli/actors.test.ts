import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ActorDetail, MachineTree } from '../../runtime/protocol/tree.protocol.ts';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';
import { type CliRun, runMagflock } from './run-magflock.ts';

const cli = fileURLToPath(new URL('../../runtime/cli/main.ts', import.meta.url));

describe('magflock top, tree and actor', function () {
  this.timeout(90_000);
  let daemon: RunningDaemon;

  before(async () => {
    daemon = await startDaemon({ flags: ['--cores', '1'] });
  });
  after(() => daemon?.stop());

  const magflock = (args: readonly string[]): Promise<CliRun> =>
    runMagflock([...args, '--data', daemon.dataDir]);

  async function ok(args: readonly string[]): Promise<string> {
    const run = await magflock(args);
    assert.equal(run.code, 0, run.stderr);
    return run.stdout + run.stderr;
  }

  it('tree: every part, where it runs, and where its copies are', async () => {
    const text = await ok(['tree']);
    assert.match(text, /^ACTOR +STATE +RUNS IN +LIFE +RESTARTS/);
    assert.match(text, /\npsu +ready +thread psu +#1 +0 +copies in cpu-0/);
    const tree = JSON.parse(await ok(['tree', '--json'])) as MachineTree;
    assert.deepEqual(
      tree.parts.map(({ path }) => path),
      ['/storage', '/psu', '/audit', '/sentinel', '/patrol', '/control', '/maggate', '/extensions', '/cpu-0'],
    );
    assert.ok(tree.threads.every(({ answers }) => answers));
  });

  it('top: one frame without a terminal, without escape sequences', async () => {
    const text = await ok(['top']);
    assert.match(text, /^MagFlock \S+ +pid \d+/);
    assert.match(text, /\nACTOR +STATE +WAIT +BYTES +RATE\/S +P50 +P99 +TURN/);
    assert.match(text, /\nstorage +ready +0 +0 B /);
    assert.ok(!text.includes('\u001b'));
    const wrong = await magflock(['top', '--interval', 'soon']);
    assert.match(wrong.stderr, /error\[MF802\]: --interval takes seconds/);
  });

  it('top --json: a frame per line until Ctrl-C', async () => {
    const args = [cli, 'top', '--json', '--interval', '0.2', '--data', daemon.dataDir];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let frames = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      assert.equal((JSON.parse(line) as MachineTree).parts.length, 9);
      if (++frames === 3) child.kill('SIGINT');
    }
    if (child.exitCode === null) await once(child, 'close');
    assert.ok(frames >= 3);
  });

  it('actor: state, suspend, resume and restart, in the audit trail', async () => {
    assert.match(await ok(['actor', '/psu']), /actor +\/psu .*in thread psu[\s\S]*mailbox +0 of 10000/);
    assert.match(await ok(['actor', 'maggate', 'suspend']), /\/maggate is suspended/);
    assert.match(await ok(['status']), /maggate +ready +degraded .*suspended by an operator/);
    assert.match(await ok(['tree']), /maggate +suspended/);
    assert.match(await ok(['actor', '/maggate', 'resume']), /\/maggate goes on/);
    assert.match(await ok(['actor', '/sentinel', 'restart']), /incarnation 2/);
    const detail = JSON.parse(await ok(['actor', '/sentinel', '--json'])) as ActorDetail;
    assert.equal(detail.incarnation, 2);
    const trail = await ok(['logs', '--project', 'system', '--json']);
    for (const action of ['actor.suspend', 'actor.resume', 'actor.restart'])
      assert.match(trail, new RegExp(`"action":"${action}"`));
  });

  it('an unknown path is answered with the one that was meant', async () => {
    for (const action of ['state', 'trace', 'suspend', 'resume', 'restart']) {
      const run = await magflock(['actor', '/storag', action]);
      assert.notEqual(run.code, 0);
      assert.match(run.stderr, /error\[MF604\]: there is no actor \/storag[\s\S]*did you mean \/storage\?/);
    }
  });

  it('actor trace: messages as they end, without what they held, until Ctrl-C', async () => {
    const args = [cli, 'actor', '/storage', 'trace', '--json', '--data', daemon.dataDir];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (lines.length === 1) void ok(['sql', "select 'needle'"]);
      if (line.includes('"method":"sql"')) child.kill('SIGINT');
    }
    if (child.exitCode === null) await once(child, 'close');
    const traced = lines.map((line) => JSON.parse(line)).find(({ method }) => method === 'sql');
    assert.deepEqual([traced.from, traced.asked, traced.outcome], ['/control', true, 'ok']);
    assert.ok(traced.ms > 0);
    assert.ok(!lines.join().includes('needle'));
  });
});
