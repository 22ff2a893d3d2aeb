import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMagflock } from './run-magflock.ts';

describe('magflock without a daemon', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'magflock-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const rows: [args: string[], code: number, stdout: RegExp, stderr: RegExp][] = [
    [[], 0, /^magflock: a database as a service/, /^$/],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    [['--version', '--json'], 0, /^\{"version":"\d+\.\d+\.\d+"\}\n$/, /^$/],
    [['version', '--json'], 0, /"node":"24\./, /^$/],
    [['help', 'key', 'create'], 0, /^magflock key create: /, /^$/],
    [['help', 'key'], 0, /key revoke <id>/, /^$/],
    [['help', 'nothing'], 2, /^$/, /error\[MF801\]: unknown command "nothing"/],
    [['key'], 0, /Usage: magflock key <command>/, /^$/],
    [['explain', 'mf402'], 0, /^MF402 {2}Unknown column\n/, /^$/],
    [['explain', '402', '--json'], 0, /^\{"code":"MF402","title":"Unknown column"/, /^$/],
    [['explain', 'MF4O2'], 2, /^$/, /error\[MF802\].*\n.*did you mean MF/],
    [['explain'], 0, /MF101 +Malformed JSON/, /^$/],
    [['status'], 2, /^$/, /error\[MF803\]: no daemon is running[\s\S]*fix {4}magflock start/],
    [['stop', '--json'], 2, /^$/, /^\{"error":\{"code":"MF803"[^\n]*\}\n$/],
    [['sql', 'select 1', '--data', 'elsewhere'], 2, /^$/, /fix {4}magflock start --data .*elsewhere/],
    [
      ['import', 'missing.sql'],
      2,
      /^$/,
      /error\[MF805\]: the file cannot be read\n {2}where {2}.*missing\.sql/,
    ],
    [['project', 'remove', 'shop'], 2, /^$/, /error\[MF802\][\s\S]*--yes/],
    [['config', 'show', '--origin', '--port', '99999'], 2, /^$/, /error\[MF703\][\s\S]*--port/],
    [['config', 'show', '--port', '8081', '--origin'], 0, /\nport +8081 +--port\n/, /^$/],
    [['completion', 'bash'], 0, /^# magflock completion bash\n/, /^$/],
    [['restart'], 2, /^$/, /error\[MF802\]: magflock restart needs <part>/],
  ];
  for (const [args, code, stdout, stderr] of rows) {
    it(`magflock ${args.join(' ')} ends with ${code}`, async () => {
      const run = await runMagflock(args, { cwd: folder });
      assert.match(run.stderr, stderr);
      assert.match(run.stdout, stdout);
      assert.equal(run.code, code);
    });
  }

  it('names a daemon that runs further up, and does not use it', async () => {
    mkdirSync(join(folder, '.magflock'));
    writeFileSync(join(folder, '.magflock', 'daemon.json'), JSON.stringify({ pid: process.pid }));
    mkdirSync(join(folder, 'hello/src'), { recursive: true });
    const run = await runMagflock(['ext', 'list'], { cwd: join(folder, 'hello/src') });
    assert.equal(run.code, 2);
    assert.match(run.stderr, /error\[MF803\]: no daemon[\s\S]*fix .*add --data \.\.\/\.\.\/\.magflock\n/);
  });

  it('config show gives the origin of each value and hides secrets', async () => {
    writeFileSync(
      join(folder, 'magflock.config.jsonc'),
      '{ // a comment\n "port": 7001, "log": {"level": "warn"} }',
    );
    writeFileSync(join(folder, '.env'), 'MAGFLOCK_ADMIN_PORT=7002\n');
    const env = { DATABASE_URL: 'postgres://user:hunter2@127.0.0.1/x', MAGFLOCK_LOG_LEVEL: 'error' };
    const run = await runMagflock(['config', 'show', '--origin', '--json'], { cwd: folder, env });
    assert.equal(run.code, 0, run.stderr);
    assert.ok(!run.stdout.includes('hunter2'));
    const settings = JSON.parse(run.stdout) as { name: string; value: unknown; origin: { source: string } }[];
    const of = (name: string): unknown[] => {
      const setting = settings.find((one) => one.name === name);
      return [setting?.value, setting?.origin.source];
    };
    assert.deepEqual(of('port'), [7001, 'file']);
    assert.deepEqual(of('adminPort'), [7002, 'env-file']);
    assert.deepEqual(of('log.level'), ['error', 'environment']);
    assert.deepEqual(of('databaseUrl'), ['[set]', 'environment']);
    assert.deepEqual(of('host'), ['127.0.0.1', 'default']);
  });

  it('init makes a folder whose settings load', async () => {
    const run = await runMagflock(['init', 'shop', '--json'], { cwd: folder });
    assert.equal(run.code, 0, run.stderr);
    const made = JSON.parse(run.stdout) as { folder: string; files: string[] };
    assert.deepEqual(readdirSync(made.folder).sort(), [...made.files].sort());
    assert.match(readFileSync(join(made.folder, 'schema.sql'), 'utf8'), /create table notes/);
    const show = await runMagflock(['config', 'show', '--origin'], { cwd: made.folder });
    assert.equal(show.code, 0, show.stderr);
    assert.match(show.stdout, /\ndataDir +\S+shop\/\.magflock +\S+magflock\.config\.jsonc/);
  });

  it('init writes nothing into a folder that is not empty', async () => {
    mkdirSync(join(folder, 'shop'));
    writeFileSync(join(folder, 'shop', 'mine.txt'), 'x');
    const run = await runMagflock(['init', 'shop'], { cwd: folder });
    assert.equal(run.code, 2);
    assert.match(run.stderr, /not empty; nothing was written/);
    assert.deepEqual(readdirSync(join(folder, 'shop')), ['mine.txt']);
  });

  it('doctor looks at what a start would find and ends with 4 when there is something', async () => {
    const { createServer } = await import('node:net');
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const data = ['--data', join(folder, 'd'), '--admin-port', '0'];
    const taken = await runMagflock(['doctor', '--json', '--port', String(port), ...data], { cwd: folder });
    await new Promise((resolve) => server.close(resolve));
    const report = JSON.parse(taken.stdout) as {
      running: boolean;
      lines: { part: string; outcome: string; fix?: string }[];
    };
    assert.equal(taken.code, 4);
    assert.equal(report.running, false);
    const ports = report.lines.find((line) => line.part === 'ports');
    assert.equal(ports?.outcome, 'fail');
    assert.match(ports?.fix ?? '', /--port/);
    assert.ok(!readdirSync(folder).includes('d'), 'doctor must change nothing');
  });

  it('a reader that closes the pipe early is no error', async () => {
    const { execFileSync } = await import('node:child_process');
    const entry = new URL('../../runtime/cli/main.ts', import.meta.url).pathname;
    const line = `set -o pipefail; '${process.execPath}' --disable-warning=ExperimentalWarning '${entry}' explain | head -n 1`;
    assert.match(execFileSync('bash', ['-c', line]).toString(), /^CODE/);
  });
});
