import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { runMagflock } from './run-magflock.ts';

describe('magflock demo', function () {
  this.timeout(180_000);

  it('shows table, API, block and audit entry, and removes everything', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('magflock-demo-'));
    const run = await runMagflock(['demo']);
    assert.equal(run.code, 0, run.stderr);
    for (const seen of [
      /"title":"milk"/,
      /201 \{/,
      /403 \{.*MF301/,
      /threat +escalate/,
      /write +insert/,
      /everything removed/,
    ]) {
      assert.match(run.stdout, seen);
    }
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => name.startsWith('magflock-demo-')),
      before,
    );
  });
});
