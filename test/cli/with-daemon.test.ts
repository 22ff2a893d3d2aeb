import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIsAlive } from '../../runtime/cli/process-is-alive.ts';
import { readPostmasterPid } from '../../runtime/cli/read-postmaster-pid.ts';
import type { AuditEntry } from '../../runtime/protocol/audit.protocol.ts';
import type { KeyInfo } from '../../runtime/protocol/psu.protocol.ts';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';
import { type CliRun, type CliRunOptions, runMagflock } from './run-magflock.ts';

describe('magflock with a daemon', function () {
  this.timeout(180_000);
  let daemon: RunningDaemon;
  let files: string;

  before(async () => {
    files = mkdtempSync(join(tmpdir(), 'magflock-cli-files-'));
    const config = join(files, 'magflock.config.jsonc');
    writeFileSync(config, '{}');
    // A busy machine must not decide what models judge.
    const patience = ['--sentinel-timeout-ms', '5000'];
    daemon = await startDaemon({ flags: ['--cores', '1', '--config', config, ...patience] });
    await ok([
      'sql',
      "create table notes (id serial primary key, title text); insert into notes (title) values ('milk')",
    ]);
  });

  after(async () => {
    rmSync(files, { recursive: true, force: true });
    await daemon.stop();
  });

  const magflock = (args: readonly string[], options?: CliRunOptions): Promise<CliRun> =>
    runMagflock([...args, '--data', daemon.dataDir], options);

  async function ok(args: readonly string[], options?: CliRunOptions): Promise<CliRun> {
    const run = await magflock(args, options);
    assert.equal(run.code, 0, run.stderr);
    return run;
  }

  async function json<T>(args: readonly string[]): Promise<T> {
    return JSON.parse((await ok([...args, '--json'])).stdout) as T;
  }

  const get = (path: string, key: string): Promise<Response> =>
    fetch(daemon.url + path, { headers: { 'x-api-key': key } });

  describe('secrets', () => {
    it('are set from standard input, listed, removed, audited, and never shown', async () => {
      const value = 'correct horse battery';
      const set = await ok(['secret', 'set', 'mail.token', '--json'], { stdin: `${value}\n` });
      const list = await ok(['secret', 'list', '--json']);
      assert.deepEqual(
        (JSON.parse(list.stdout) as { name: string }[]).map(({ name }) => name),
        ['mail.token'],
      );
      const removed = await json<{ name: string }>(['secret', 'remove', 'mail.token', '--yes']);
      assert.equal(removed.name, 'mail.token');
      const gone = await magflock(['secret', 'remove', 'mail.token', '--yes']);
      assert.match(gone.stderr, /error\[MF671\]/);
      const logs = await ok(['logs', '--json']);
      assert.match(logs.stdout, /secret\.set/);
      assert.match(logs.stdout, /secret\.remove/);
      for (const { stdout, stderr } of [set, list, logs]) assert.ok(!`${stdout}${stderr}`.includes(value));
    });

    it('with an empty value are refused', async () => {
      const run = await magflock(['secret', 'set', 'mail.token'], { stdin: '\n' });
      assert.match(run.stderr, /error\[MF671\]/);
    });
  });

  describe('project settings', () => {
    type Settings = Readonly<Record<string, unknown>>;

    it('are shown, changed, unset and audited; the catalogue has them when the command ends', async () => {
      const before = await json<Settings>(['project', 'settings']);
      assert.deepEqual(
        [before['dbSchemas'], before['dbMaxRows'], before['dbAnonRole']],
        [['public'], null, 'anon'],
      );
      const changed = await json<Settings>([
        'project',
        'settings',
        'set',
        'dbSchemas=public,extra',
        'dbMaxRows=5',
      ]);
      assert.deepEqual(changed, { ...before, dbSchemas: ['public', 'extra'], dbMaxRows: 5 });
      const unset = await json<Settings>(['project', 'settings', 'unset', 'dbSchemas', 'dbMaxRows']);
      assert.deepEqual(unset, before);
      assert.match((await ok(['logs', '--json'])).stdout, /"target":"dbMaxRows, dbSchemas"/);
    });

    it('keep a secret from standard input that nothing shows', async () => {
      const value = 'correct horse battery staple, or so';
      const runs = [
        await ok(['project', 'settings', 'set', 'jwtSecret=-', 'dbAnonRole=null'], { stdin: `${value}\n` }),
        await ok(['project', 'settings']),
        await ok(['logs', '--json']),
      ];
      for (const { stdout, stderr } of runs) assert.ok(!`${stdout}${stderr}`.includes(value));
      assert.match(runs[1]!.stdout, /jwtSecret +\(set\)/);
      const after = await json<Settings>(['project', 'settings', 'unset', 'jwtSecret', 'dbAnonRole']);
      assert.deepEqual([after['jwtSecret'], after['dbAnonRole']], [null, 'anon']);
    });

    it('are refused all together, by the daemon too, and say what was meant', async () => {
      const unknown = await magflock(['project', 'settings', 'set', 'dbMaxRow=1']);
      assert.match(unknown.stderr, /no setting "dbMaxRow"[\s\S]*Did you mean dbMaxRows\?/);
      const short = await magflock(['project', 'settings', 'set', 'dbMaxRows=1', 'jwtSecret=short']);
      assert.equal(short.code, 2);
      assert.match(short.stderr, /jwtSecret: it has fewer than 32 bytes/);
      assert.equal((await json<Settings>(['project', 'settings']))['dbMaxRows'], null);
    });
  });

  describe('types', () => {
    it('of the tables are written for programs, and only of schemas that are exposed', async () => {
      const { stdout } = await ok(['types', 'typescript']);
      assert.match(stdout, /^export type Database = \{$/m);
      assert.match(stdout, /^ {6}notes: \{\n {8}Row: \{\n {10}id: number\n {10}title: string \| null$/m);
      const refused = await magflock(['types', 'typescript', '--schema', 'mg_sys']);
      assert.match(refused.stderr, /error\[MF100\].*"mg_sys"/);
      assert.equal(refused.code, 2);
    });
  });

  describe('status, restart, doctor', () => {
    it('status has every part with its state and restarts', async () => {
      const status = await json<{
        pid: number;
        url: string;
        parts: { name: string; state: string; restarts: number }[];
      }>(['status']);
      assert.equal(status.pid, daemon.pid);
      assert.equal(status.url, daemon.url);
      for (const name of ['storage', 'psu', 'audit', 'sentinel', 'control', 'maggate', 'cpu-0']) {
        const part = status.parts.find((one) => one.name === name);
        assert.deepEqual([part?.state, part?.restarts], ['ready', 0], name);
      }
      assert.match((await ok(['status'])).stdout, /PART +STATE +HEALTH[\s\S]*\n *storage +ready +ok /);
    });

    it('restart gives a part a new incarnation', async () => {
      const { incarnation } = await json<{ incarnation: number }>(['restart', 'sentinel']);
      assert.equal(incarnation, 2);
      const unknown = await magflock(['restart', 'sentinal']);
      assert.equal(unknown.code, 2);
      assert.match(unknown.stderr, /error\[MF\d+\]: .*sentinal/);
    });

    it('swap puts psu, sentinel and maggate in their place anew while requests are answered, and audits it', async () => {
      for (const part of ['psu', 'sentinel', 'maggate']) {
        const before = (
          await json<{ parts: { name: string; incarnation: number; version: string }[] }>(['status'])
        ).parts.find(({ name }) => name === part);
        const swapped = await json<{ incarnation: number; fromVersion: string; pausedMs: number }>([
          'swap',
          part,
        ]);
        assert.equal(swapped.incarnation, (before?.incarnation ?? 0) + 1, part);
        assert.equal(swapped.fromVersion, before?.version);
        assert.match((await ok(['swap', part])).stderr, new RegExp(`${part} went from .* it paused for`));
      }
      assert.equal((await magflock(['sql', 'select 1'])).code, 0);
      const trail = (await ok(['logs', '--project', 'system', '--json'])).stdout;
      assert.match(trail, /"action":"part.swap"[^\n]*maggate|maggate[^\n]*"part.swap"/);
    });

    it('swap of a part that holds what cannot be held twice is refused with the reason', async () => {
      for (const part of ['storage', 'audit', 'control', 'cpu-0']) {
        const run = await magflock(['swap', part]);
        assert.equal(run.code, 2, run.stdout);
        assert.match(run.stderr, new RegExp(`error\\[MF640\\]: ${part} .* has no handover`));
      }
    });

    it('config set and config reload change the running daemon, or say what needs a restart', async () => {
      const level = async () =>
        (await daemon.control('GET', '/control/v1/settings')).json as unknown as readonly {
          name: string;
          value: unknown;
        }[];
      const wrong = await magflock(['config', 'set', 'log.level', 'loud']);
      assert.equal(wrong.code, 2);
      assert.match(wrong.stderr, /error\[MF703\]: log\.level cannot be "loud"; expected one of/);
      const set = await magflock(['config', 'set', 'sentinel.mode', 'simulate']);
      assert.match(set.stderr, /sentinel\.mode: block → simulate, in force now/);
      assert.equal((await level()).find(({ name }) => name === 'sentinel.mode')?.value, 'simulate');
      assert.match((await ok(['config', 'set', 'sentinel.mode', 'block'])).stderr, /simulate → block/);
      assert.match(
        (await ok(['config', 'set', 'cores', '2'])).stderr,
        /changes with the next start|last word/,
      );
      assert.match((await ok(['config', 'reload'])).stderr, /nothing has changed|next start/);
    });

    it('doctor reads the self test and the health of a running daemon', async () => {
      const run = await magflock(['doctor', '--json']);
      const report = JSON.parse(run.stdout) as {
        running: boolean;
        lines: { part: string; outcome: string }[];
      };
      assert.equal(report.running, true);
      assert.deepEqual(
        report.lines.filter((line) => line.outcome === 'fail'),
        [],
      );
      assert.ok(report.lines.some((line) => line.part === 'health storage'));
      // The secret key of a first run without terminal still lies in its file.
      assert.equal(run.code, 4);
    });
  });

  describe('sql', () => {
    it('prints the rows of each statement for people', async () => {
      const run = await ok(['sql', "select 1 as a; select 'x' as b, null as c"]);
      assert.equal(run.stdout, 'a\n1\nb  c\nx  ∅\n');
      assert.equal(run.stderr, '1 row\n1 row\n');
    });

    it('prints one array of row objects of the last statement with --json', async () => {
      const text =
        "create table t (n int, s text); insert into t values (1, 'a'), (2, null); select * from t";
      assert.deepEqual(await json(['sql', text]), [
        { n: 1, s: 'a' },
        { n: 2, s: null },
      ]);
      assert.deepEqual(await json(['sql', 'drop table t']), []);
    });

    it('keeps the digits of numbers that JavaScript cannot hold', async () => {
      const run = await ok([
        'sql',
        'select 9007199254740993::bigint as big, 0.1000000000000000055::numeric as n',
        '--json',
      ]);
      assert.match(run.stdout, /9007199254740993/);
      assert.match(run.stdout, /0\.1000000000000000055/);
    });

    it('reads a file and standard input', async () => {
      writeFileSync(join(files, 'a.sql'), '-- a comment\nselect 41 + 1 as answer;\n');
      assert.deepEqual(JSON.parse((await ok(['sql', '-f', join(files, 'a.sql'), '--json'])).stdout), [
        { answer: 42 },
      ]);
      assert.deepEqual(JSON.parse((await ok(['sql', '--json'], { stdin: 'select 7 as seven' })).stdout), [
        { seven: 7 },
      ]);
    });

    it('says where PostgreSQL refused it', async () => {
      const run = await magflock(['sql', 'select *\nfrom nowhere']);
      assert.equal(run.code, 2);
      assert.match(run.stderr, /error\[MF510\]: relation "nowhere" does not exist/);
      assert.match(run.stderr, /\n {2}where +line 2\n +from nowhere\n {17}\^\n/);
    });

    it('has no cap on rows', async () => {
      const rows = await json<unknown[]>(['sql', 'select g from generate_series(1, 20000) g']);
      assert.equal(rows.length, 20_000);
    });
  });

  describe('key', () => {
    it('create prints a key that works, list hides it, revoke ends it at once', async () => {
      const made = await json<KeyInfo & { key: string }>([
        'key',
        'create',
        '--role',
        'service_role',
        '--name',
        'mine',
      ]);
      assert.match(made.key, /^ak_sec_main_[A-Za-z0-9]+$/);
      assert.equal((await get('/api/notes', made.key)).status, 200);
      const listed = await ok(['key', 'list', '--json']);
      assert.ok(listed.stdout.includes(made.id) && !listed.stdout.includes(made.key));
      await ok(['key', 'revoke', made.id]);
      assert.equal((await get('/api/notes', made.key)).status, 401);
      assert.ok(!(await ok(['key', 'list'])).stdout.includes(made.id));
      assert.match((await ok(['key', 'list', '--all'])).stdout, new RegExp(`${made.id}.*revoked`));
    });

    it('without --json prints the key alone on stdout', async () => {
      const run = await ok(['key', 'create', '--role', 'anon']);
      assert.match(run.stdout, /^ak_pub_main_[A-Za-z0-9]+\n$/);
    });

    it('scopes narrow a key', async () => {
      const args = ['--tables', 'other', '--operations', 'select', '--expires', '1h'];
      const made = await json<KeyInfo & { key: string }>([
        'key',
        'create',
        '--role',
        'service_role',
        ...args,
      ]);
      assert.deepEqual(made.scopes.tables, ['other']);
      assert.equal((await get('/api/notes', made.key)).status, 403);
      const wrong = await magflock(['key', 'create', '--expires', '2001-01-01']);
      assert.match(wrong.stderr, /error\[MF802\]: "2001-01-01" is in the past/);
    });

    it('rotate makes a new key and ends the old one', async () => {
      const old = await json<KeyInfo & { key: string }>(['key', 'create', '--role', 'service_role']);
      const fresh = await json<KeyInfo & { key: string }>(['key', 'rotate', old.id]);
      assert.notEqual(fresh.key, old.key);
      assert.equal((await get('/api/notes', fresh.key)).status, 200);
      assert.equal((await get('/api/notes', old.key)).status, 401);
    });

    it('a key pasted in place of an id is refused without being repeated', async () => {
      const run = await magflock(['key', 'revoke', daemon.secretKey]);
      assert.equal(run.code, 2);
      assert.ok(!run.stderr.includes(daemon.secretKey));
    });
  });

  describe('expose', () => {
    it('lets a public key read, and warns without a terminal that row security is as it was', async () => {
      assert.equal((await get('/api/notes', daemon.publicKey)).status, 403);
      const run = await ok(['expose', 'notes', '--to', 'anon', '--read']);
      assert.match(run.stderr, /anon may select notes/);
      assert.match(run.stderr, /warning: row security is off/);
      assert.equal((await get('/api/notes', daemon.publicKey)).status, 200);
    });

    it('--rls turns row security on and says that a policy is missing', async () => {
      const run = await ok(['expose', 'notes', '--to', 'anon', '--read', '--rls']);
      assert.match(run.stderr, /has no policy: anon sees no row\n.*create policy/);
      const answer = (await (await get('/api/notes', daemon.publicKey)).json()) as { data: unknown[] };
      assert.deepEqual(answer.data, []);
      await ok(['expose', 'notes', '--to', 'anon', '--read', '--no-rls']);
    });

    const wrong: [args: string[], says: RegExp][] = [
      [['notes', '--read'], /say who gets it[\s\S]*--to anon/],
      [['notes', '--to', 'anon'], /say what to grant/],
      [['notes', '--to', 'anon', '--read', '--rls', '--no-rls'], /exclude each other/],
      [['nots', '--to', 'anon', '--read'], /nots[\s\S]*"notes"/],
    ];
    for (const [args, says] of wrong) {
      it(`refuses: expose ${args.join(' ')}`, async () => {
        const run = await magflock(['expose', ...args]);
        assert.equal(run.code, 2);
        assert.match(run.stderr, says);
      });
    }
  });

  describe('project', () => {
    it('info has ref, databaseUrl and restUrl', async () => {
      const info = await json<Record<string, string>>(['project', 'info', 'main']);
      assert.equal(info['ref'], 'main');
      assert.match(info['databaseUrl'] ?? '', /^postgres:\/\/owner_main:[^@]+@.*\/project_main/);
      assert.equal(info['restUrl'], `${daemon.url}/api`);
    });

    it('create makes one with an API of its own, remove wants its name or --yes', async () => {
      await ok(['project', 'create', 'shop']);
      await ok(['sql', 'create table articles (id int primary key)', '--project', 'shop']);
      const { key } = await json<{ key: string }>([
        'key',
        'create',
        '--role',
        'service_role',
        '--project',
        'shop',
      ]);
      const info = await json<{ restUrl: string }>(['project', 'info', 'shop']);
      const answer = await fetch(`${info.restUrl}/articles`, { headers: { 'x-api-key': key } });
      assert.equal(answer.status, 200, await answer.text());
      assert.equal((await get('/api/notes', key)).status, 401);
      assert.equal((await magflock(['project', 'remove', 'shop'])).code, 2);
      await ok(['project', 'remove', 'shop', '--yes']);
      assert.ok(!(await ok(['project', 'list'])).stdout.includes('shop'));
      const again = await magflock(['project', 'info', 'shop']);
      assert.match(again.stderr, /error\[MF508\]/);
    });

    it('a name that cannot be one is refused', async () => {
      const run = await magflock(['project', 'create', 'Not-A-Ref']);
      assert.equal(run.code, 2);
      assert.match(run.stderr, /error\[MF100\]/);
    });
  });

  describe('import', () => {
    it('loads plain SQL and pg_dump text with COPY', async () => {
      const file = join(files, 'dump.sql');
      writeFileSync(
        file,
        "SET client_encoding = 'UTF8';\nCREATE TABLE public.fruit (id integer NOT NULL, name text);\n" +
          'COPY public.fruit (id, name) FROM stdin;\n1\tapple\n2\ttab\\there\n3\t\\N\n\\.\n\n' +
          'ALTER TABLE ONLY public.fruit ADD CONSTRAINT fruit_pkey PRIMARY KEY (id);\n',
      );
      const run = await ok(['import', file]);
      assert.match(run.stderr, /imported .*dump\.sql: \d+ statements, 3 rows/);
      assert.deepEqual(await json(['sql', 'select * from fruit order by id']), [
        { id: 1, name: 'apple' },
        { id: 2, name: 'tab\there' },
        { id: 3, name: null },
      ]);
    });

    it('is all or nothing', async () => {
      const file = join(files, 'broken.sql');
      writeFileSync(
        file,
        'create table half (id int);\ninsert into half values (1);\ninsert into halff values (2);\n',
      );
      const run = await magflock(['import', file]);
      assert.equal(run.code, 2);
      assert.match(run.stderr, /error\[MF511\][\s\S]*halff/);
      const [row] = await json<{ there: string | null }[]>([
        'sql',
        "select to_regclass('half')::text as there",
      ]);
      assert.equal(row?.there, null);
    });

    it('with --json gives progress as objects, the last one says done', async () => {
      const file = join(files, 'more.sql');
      writeFileSync(file, 'create table more (id int primary key);\ninsert into more values (1), (2);\n');
      const lines = (await ok(['import', file, '--json'])).stdout.trim().split('\n');
      const last = JSON.parse(lines.at(-1) ?? '') as { done: boolean; statements: number };
      assert.equal(last.done, true);
      assert.equal(last.statements, 2);
    });
  });

  describe('logs', () => {
    it('prints one entry per line with --json, the newest last', async () => {
      const lines = (await ok(['logs', '--json', '--limit', '5'])).stdout.trim().split('\n');
      const entries = lines.map((line) => JSON.parse(line) as AuditEntry);
      assert.equal(entries.length, 5);
      assert.deepEqual(
        entries.map((entry) => entry.seq),
        entries.map((entry) => entry.seq).toSorted((a, b) => a - b),
      );
      const after = await ok(['logs', '--json', '--after', String(entries[3]?.seq)]);
      assert.equal((JSON.parse(after.stdout.split('\n')[0] ?? '') as AuditEntry).seq, entries[4]?.seq);
    });

    it('--security --follow shows a block as it comes and ends at Ctrl-C with 130', async () => {
      const marker = `follow ' OR 1=1 --`;
      let sent = false;
      const run = await magflock(['logs', '--security', '--follow', '--json', '--limit', '1'], {
        onStart: () => {
          setTimeout(() => {
            sent = true;
            void get(`/api/notes?id=${encodeURIComponent(marker)}`, daemon.secretKey).then((one) =>
              one.text(),
            );
          }, 1500);
        },
        onOutput: (text, interrupt) => {
          if (sent && text.includes('follow')) interrupt();
        },
      });
      assert.equal(run.code, 130, run.stderr);
      assert.match(run.stdout, /"kind":"threat"/);
    });

    it('verify finds the chain whole', async () => {
      assert.match((await ok(['logs', 'verify'])).stdout, /^ok {2}\d+ entries, \d+ checkpoints\n$/);
      assert.equal((await json<{ ok: boolean }>(['logs', 'verify'])).ok, true);
    });

    it('checkpoint prints the file it was written to', async () => {
      const file = (await ok(['checkpoint'])).stdout.trim();
      assert.ok(existsSync(file), file);
    });

    it('refuses a limit that is no number and a kind that is none', async () => {
      assert.match((await magflock(['logs', '--limit', 'many'])).stderr, /error\[MF802\]: --limit takes/);
      assert.match((await magflock(['logs', '--kinds', 'writes'])).stderr, /error\[MF100\]/);
    });
  });

  describe('test', () => {
    it('finds every attack blocked and every honest request let through, and leaves no key', async () => {
      const report = await json<{ passed: number; failed: number; results: { kind: string }[] }>(['test']);
      assert.equal(report.failed, 0);
      assert.ok(report.results.filter((result) => result.kind === 'attack').length >= 20);
      assert.ok(report.results.filter((result) => result.kind === 'legitimate').length >= 10);
      assert.ok(!(await ok(['key', 'list'])).stdout.includes('attack simulation'));
    });
  });

  describe('the patrol', () => {
    const attack = (word: string, key: string): Promise<Response> =>
      get(`/api/notes?id=${encodeURIComponent(`${word}' or '1'='1' --`)}`, key);

    it('shows threats as they come until Ctrl-C, explains one and takes feedback', async () => {
      // A key of its own: with attacks that other tests sent, these would be the third.
      const key = await daemon.createKey('service_role');
      await attack('early', key);
      let sent = false;
      // What is kept is shown when the stream is open: from then on nothing is missed.
      const run = await magflock(['threats', '--json', '--limit', '1'], {
        onOutput: (text, interrupt) => {
          if (text.includes('xylophone')) interrupt();
          if (!sent) void attack('xylophone', key);
          sent = true;
        },
      });
      assert.equal(run.code, 130, run.stderr);
      const live = run.stdout.split('\n').find((line) => line.includes('xylophone'));
      const { id } = JSON.parse(live ?? '') as { id: string };
      const shown = (await ok(['threat', 'show', id])).stdout;
      assert.match(shown, /signature +\S+ \(0\.\d+\): a quote ends/);
      assert.match(shown, /from +127\.0\.0\.1 with key [0-9a-f-]{36}/);
      assert.match(shown, /address +not blocked/);
      assert.match(shown, new RegExp(`threat feedback ${id} --false-alarm`));
      await ok(['threat', 'feedback', id, '--false-alarm', '--note', 'a test']);
      assert.match((await ok(['threats', '--no-follow'])).stdout, new RegExp(`${id}.*\\(false-alarm\\)`));
      const unknown = id.replace(/^......../, '00000000');
      assert.match((await magflock(['threat', 'show', unknown])).stderr, /error\[MF310\]/);
      assert.match((await magflock(['threat', 'feedback', id])).stderr, /error\[MF802\]/);
    });

    it('shows and lifts the block of an attacker; status says what judges', async () => {
      const key = await daemon.createKey('service_role');
      for (const word of ['one', 'two', 'three']) assert.equal((await attack(word, key)).status, 403);
      while ((await get('/api/notes', key)).status !== 403)
        await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal((await get('/api/notes', daemon.secretKey)).status, 200);
      assert.match((await ok(['blocks'])).stdout, /127\.0\.0\.1 .* 3 /);
      const status = (await ok(['sentinel', 'status'])).stdout;
      assert.match(status, /blocks +1; magflock blocks/);
      assert.match(status, /sqlguard\n +state +ok[\s\S]*active +shipped-[0-9a-f]{8}/);
      assert.match((await ok(['unblock', '127.0.0.1'])).stderr, /127\.0\.0\.1 may ask project main again/);
      assert.equal((await get('/api/notes', key)).status, 200);
      assert.match((await magflock(['unblock', '127.0.0.1'])).stderr, /error\[MF311\]/);
    });

    it('refuses versions of models that are not there', async () => {
      assert.match((await magflock(['sentinel', 'promote', 'nothing'])).stderr, /error\[MF312\]/);
      assert.match((await magflock(['sentinel', 'shadow'])).stderr, /error\[MF802\]/);
      assert.match((await magflock(['sentinel', 'rollback'])).stderr, /error\[MF312\]/);
      assert.match((await ok(['sentinel', 'shadow', '--off'])).stdout, /^active +shipped-/);
    });
  });

  describe('stop', () => {
    it('waits until all is down and leaves no process behind', async () => {
      const postmaster = readPostmasterPid(daemon.dataDir);
      assert.ok(postmaster !== undefined && processIsAlive(postmaster));
      const run = await ok(['stop']);
      assert.match(run.stderr, new RegExp(`stopped daemon ${daemon.pid} in`));
      assert.ok(!processIsAlive(postmaster));
      assert.ok(!processIsAlive(daemon.pid));
      assert.ok(!readdirSync(daemon.dataDir).includes('daemon.json'));
      assert.equal((await magflock(['stop'])).code, 2);
    });
  });
});

describe('magflock against a daemon that does not block', function () {
  this.timeout(60_000);

  it('test ends with 4 and names what passed', async () => {
    const daemon = await startDaemon({ flags: ['--cores', '1', '--sentinel-mode', 'simulate'] });
    try {
      const run = await runMagflock(['test', '--data', daemon.dataDir]);
      assert.equal(run.code, 4);
      assert.match(run.stdout, /FAIL +attack +union select/);
      assert.match(run.stderr, /error\[MF806\]: 39 of \d+ requests did not pass/);
    } finally {
      await daemon.stop();
    }
  });
});
