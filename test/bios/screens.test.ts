import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { WriteStream } from 'node:tty';
import { fileURLToPath } from 'node:url';
import type { BootEvent } from '../../runtime/bios/boot-event.ts';
import { presentFirstKeys } from '../../runtime/bios/first-run.ts';
import { jsonScreen } from '../../runtime/bios/json-screen.ts';
import { nextSteps } from '../../runtime/bios/next-steps.ts';
import { textScreen } from '../../runtime/bios/text-screen.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const secretKey = 'ak_sec_main_hunter2hunter2';
const keys = { publicKey: 'ak_pub_main_abc', secretKey };

const boot: readonly BootEvent[] = [
  { event: 'begin', version: '1.2.3', node: '24.0.0', pid: 7, dataDir: '/d/.magflock', firstRun: true },
  { event: 'notice', text: 'environment from /d/.env' },
  line('bios', 'node', 'ok', 'Node 24.0.0 on linux x64', 0.4),
  {
    ...line('bios', 'network', 'warn', 'reachable from outside at 0.0.0.0, without TLS', 2.2),
    fix: 'put a TLS proxy before it',
  },
  { event: 'progress', text: 'making the database, first time only', seconds: 2 },
  { event: 'progress', text: 'making the database, first time only', seconds: 3 },
  line('board', 'storage', 'ok', 'PostgreSQL 18.4 embedded, pid 9', 3412),
  line('slots', 'slot 1', 'ok', 'maggate 0.1.0: Discovered 11 tables, Generated 66 endpoints', 120),
  line('slots', 'slot 2', 'empty', 'empty', 0),
  line('patrol', 'SQLGuard', 'ok', '53 signatures', 0),
  { event: 'keys', project: 'main', ...keys, file: null },
  {
    event: 'ready',
    url: 'http://127.0.0.1:8080',
    adminUrl: 'http://127.0.0.1:9090',
    socket: '/d/.magflock/control.sock',
    pid: 7,
    tookMs: 4321,
    links: { 'REST API': 'http://127.0.0.1:8080/api', Metrics: 'http://127.0.0.1:9090/metrics' },
    next: ['npx magflock logs'],
  },
  { event: 'stopping', reason: 'SIGINT', drainMs: 5000 },
  { event: 'draining', secondsLeft: 4 },
  { event: 'stopped', tookMs: 612, forced: [] },
];

function line(
  stage: Extract<BootEvent, { event: 'post' }>['stage'],
  part: string,
  outcome: 'ok' | 'warn' | 'fail' | 'empty',
  facts: string,
  ms: number,
): Extract<BootEvent, { event: 'post' }> {
  return { event: 'post', stage, part, outcome, facts, ms, required: true };
}

/** What a screen writes for a list of events. */
function drawn(events: readonly BootEvent[], terminal: boolean): string {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const screen = textScreen(
    Object.assign(
      stream,
      terminal ? { isTTY: true, columns: 90, getColorDepth: WriteStream.prototype.getColorDepth } : {},
    ),
  );
  for (const event of events) screen.show(event);
  return text;
}

/** Runs with these variables only deciding about colour. */
function withColour<T>(variables: Readonly<Record<string, string>>, act: () => T): T {
  const names = ['CI', 'NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS', 'TERM'];
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  for (const name of names) delete process.env[name];
  Object.assign(process.env, variables);
  try {
    return act();
  } finally {
    for (const name of names) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

/** Compares with a file; `UPDATE_GOLDEN=1` writes it. */
function golden(name: string, text: string): void {
  const path = fileURLToPath(new URL(`./golden/${name}`, import.meta.url));
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
  assert.equal(text, readFileSync(path, 'utf8'));
}

describe('the boot screen', () => {
  it('in a terminal', () => {
    golden(
      'boot-terminal.txt',
      withColour({ TERM: 'xterm-256color' }, () => drawn(boot, true)),
    );
  });

  it('as plain text', () => {
    golden(
      'boot-plain.txt',
      withColour({}, () => drawn(boot, false)),
    );
  });

  it('as JSON, one object per line, without the secret key', () => {
    let text = '';
    const screen = jsonScreen((chunk) => {
      text += chunk;
    });
    for (const event of boot) screen.show(event);
    golden('boot-json.txt', text);
    const events = text
      .trim()
      .split('\n')
      .map((json) => JSON.parse(json));
    assert.equal(events.length, boot.length);
    assert.doesNotMatch(text, /hunter2/);
  });

  it('has no escape sequence and takes nothing back without a terminal', () => {
    assert.doesNotMatch(
      withColour({}, () => drawn(boot, false)),
      /[\x1b\r]/,
    );
  });

  it('obeys NO_COLOR in a terminal and FORCE_COLOR without one', () => {
    assert.doesNotMatch(
      withColour({ NO_COLOR: '1' }, () => drawn(boot, true)),
      /\x1b\[\d+m/,
    );
    assert.match(
      withColour({ FORCE_COLOR: '1' }, () => drawn(boot, false)),
      /\x1b\[\d+m/,
    );
  });

  it('puts the fix under the part that failed', () => {
    const failed = { ...line('board', 'storage', 'fail', 'no room', 1), fix: 'free space' };
    assert.match(
      withColour({}, () => drawn([failed], false)),
      /XX storage {5}no room.*\n.*fix: free space/,
    );
  });

  it('names what had to be killed', () => {
    const stuck = { part: 'psu', ms: 5_000, doing: '/psu.hash holds its thread' };
    const text = drawn(
      [
        { event: 'waiting', parts: [{ ...stuck, ms: 1_200 }] },
        { event: 'waiting', parts: [{ ...stuck, ms: 1_450 }] },
        { event: 'killed', ...stuck },
        { event: 'stopped', tookMs: 1, forced: ['psu'] },
      ],
      false,
    );
    assert.deepEqual(text.trim().split('\n'), [
      'waiting for psu (1.2 s, /psu.hash holds its thread)',
      '  killed psu after 5.0 s: /psu.hash holds its thread',
      '  stopped in 0.0 s; had to kill psu',
    ]);
  });
});

describe('the first keys', () => {
  const folder = temporaryFolder();
  const present = (terminal: boolean) =>
    presentFirstKeys({ project: 'main', keys, file: join(folder(), 'first-keys.txt'), terminal });

  it('go to the terminal and into no file when there is one', () => {
    assert.equal(present(true).file, null);
    assert.equal(existsSync(join(folder(), 'first-keys.txt')), false);
    assert.match(drawn([present(true)], true), /ak_sec_main_hunter2hunter2/);
  });

  it('go into a file for its owner only, and the screen names the file instead', () => {
    writeFileSync(join(folder(), 'first-keys.txt'), 'old', { mode: 0o644 });
    const event = present(false);
    const path = join(folder(), 'first-keys.txt');
    assert.equal(event.file, path);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.match(readFileSync(path, 'utf8'), /^secret ak_sec_main_hunter2hunter2$/m);
    const text = drawn([event], false);
    assert.ok(text.includes(path));
    assert.doesNotMatch(text, /hunter2/);
  });
});

describe('the next steps', () => {
  const options = {
    url: 'http://127.0.0.1:1',
    dataDir: '/w/.magflock',
    cwd: '/w',
    secret: { key: secretKey },
  };

  it('work in the folder the daemon was started in', () => {
    const [sql, curl, logs] = nextSteps(options);
    assert.match(sql ?? '', /^npx magflock sql "create table notes/);
    assert.match(
      curl ?? '',
      /^curl http:\/\/127\.0\.0\.1:1\/api\/notes -H "X-API-Key: ak_sec_main_hunter2hunter2"/,
    );
    assert.equal(logs, 'npx magflock logs');
  });

  it('name the data folder when it is another, as one word of a shell', () => {
    for (const step of nextSteps({ ...options, dataDir: "/my data/it's" }).filter((text) =>
      text.startsWith('npx'),
    ))
      assert.ok(step.endsWith(` --data '/my data/it'\\''s'`), step);
  });

  it('take the secret key from its file when it was not shown', () => {
    const curl = nextSteps({ ...options, secret: { file: '/w/k' } })[1];
    assert.match(curl ?? '', /X-API-Key: \$\(sed -n 's\/\^secret \/\/p' \/w\/k\)/);
  });

  it('are one after the first run', () => {
    assert.deepEqual(nextSteps({ ...options, secret: undefined }), ['npx magflock status']);
  });
});
