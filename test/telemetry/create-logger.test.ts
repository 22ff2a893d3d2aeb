import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '../../runtime/telemetry/create-logger.ts';
import { openLogFile } from '../../runtime/telemetry/open-log-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the log', () => {
  const folder = temporaryFolder();

  it('writes JSON lines with level, time and part', async () => {
    const file = join(folder(), 'logs', 'x.ndjson');
    createLogger({ level: 'info', part: '/storage', file }).info({ rows: 3 }, 'loaded');
    await new Promise((resolve) => setImmediate(resolve));
    const line = JSON.parse(readFileSync(file, 'utf8'));
    assert.equal(line.level, 'info');
    assert.equal(line.part, '/storage');
    assert.equal(line.rows, 3);
    assert.equal(line.msg, 'loaded');
    assert.ok(!Number.isNaN(Date.parse(line.time)));
  });

  it('can be read by its owner only', () => {
    const file = join(folder(), 'logs', 'x.ndjson');
    createLogger({ level: 'info', part: '/', file }).warn('now');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder(), 'logs')).mode & 0o777, 0o700);
  });

  it('has a warning on the disk before the call returns', () => {
    const file = join(folder(), 'x.ndjson');
    createLogger({ level: 'info', part: '/', file }).warn('now');
    assert.match(readFileSync(file, 'utf8'), /"msg":"now"/);
  });

  it('masks secrets by field name, at any of the first three levels', () => {
    const file = join(folder(), 'x.ndjson');
    const log = createLogger({ level: 'info', part: '/', file });
    log.warn({
      password: 'hunter2',
      request: { headers: { 'x-api-key': 'hunter2', authorization: 'hunter2' } },
    });
    log.warn({ settings: { masterKey: 'hunter2' }, args: { logins: 'hunter2' } });
    const text = readFileSync(file, 'utf8');
    assert.doesNotMatch(text, /hunter2/);
    assert.equal(text.match(/\[redacted\]/g)?.length, 5);
  });

  it('masks secrets in messages and stacks', () => {
    const file = join(folder(), 'x.ndjson');
    const log = createLogger({ level: 'info', part: '/', file });
    log.error({ err: new Error('no route to postgres://u:hunter2@h/d') }, 'with ak_sec_main_hunter2hunter2');
    assert.doesNotMatch(readFileSync(file, 'utf8'), /hunter2/);
  });

  it('starts a new file at its size, keeps the old ones, and lets other writers follow', () => {
    const path = join(folder(), 'x.ndjson');
    const one = openLogFile(path, { rotateAt: 1000 });
    const other = openLogFile(path, { rotateAt: 1000 });
    const line = `${'x'.repeat(99)}\n`;
    for (let count = 0; count < 40; count++) (count % 2 === 0 ? one : other).write(line, true);
    one.close();
    other.close();
    const files = readdirSync(folder()).sort();
    assert.ok(files.includes('x.ndjson.1'), files.join());
    assert.ok(!files.some((name) => name.endsWith('.rotating')));
    const lines = files.flatMap((name) =>
      readFileSync(join(folder(), name), 'utf8').split('\n').slice(0, -1),
    );
    assert.equal(lines.length, 40, 'no line is lost or cut');
    assert.ok(lines.every((text) => text === line.trimEnd()));
  });
});
