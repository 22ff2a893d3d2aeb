import assert from 'node:assert/strict';
import { SqlGuard } from '../../actors/sentinel/inspect/sql-guard.ts';
import { thresholds } from '../../actors/sentinel/inspect/thresholds.ts';
import { hasRows, type Row, readRows, rowsFolder } from './support/read-rows.ts';

const guard = new SqlGuard();

function share(rows: readonly Row[], surface: 'header' | 'body'): number {
  const flagged = rows.filter(({ text }) => guard.inspect(text, surface).score >= thresholds[surface].block);
  return flagged.length / rows.length;
}

describe('the floor on the data beside the repository, file by file', () => {
  before(function () {
    if (hasRows()) return;
    process.stderr.write(`    skipped: no data in ${rowsFolder}\n`);
    this.skip();
  });

  it('at least 90 % of the injections of each source of more than 100 are found, 97 % as the mean', function () {
    this.timeout(60_000);
    const shares: number[] = [];
    for (const [name, rows] of readRows(['sqli'])) {
      const params = rows.filter(({ kind }) => kind === 'param');
      if (params.length === 0) continue;
      const found = share(params, 'header');
      if (params.length > 100) {
        assert.ok(found >= 0.9, `${name}: ${found}`);
        shares.push(found);
      }
    }
    assert.ok(shares.length >= 5);
    assert.ok(shares.reduce((sum, one) => sum + one, 0) / shares.length >= 0.97);
  });

  it('at most 0.1 % of the honest values of each source raise an alarm', function () {
    this.timeout(60_000);
    let files = 0;
    for (const [name, rows] of readRows(['benign'])) {
      const params = rows.filter(({ kind }) => kind === 'param');
      if (params.length === 0) continue;
      files += 1;
      const alarms = share(params, 'header');
      assert.ok(alarms <= 0.001, `${name}: ${alarms}`);
    }
    assert.ok(files >= 8);
  });

  it('no honest value and at most 0.1 % of the honest statements raise an alarm in a body', function () {
    this.timeout(60_000);
    for (const [name, rows] of readRows(['benign'])) {
      const alarms = share(rows, 'body');
      assert.ok(alarms <= (rows[0]!.kind === 'param' ? 0 : 0.001), `${name}: ${alarms}`);
    }
  });
});
