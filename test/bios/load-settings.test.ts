import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingDefinitions } from '../../config/settings.ts';
import { describeSettings } from '../../runtime/bios/describe-settings.ts';
import { type LoadedSettings, loadSettings } from '../../runtime/bios/load-settings.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Sources {
  readonly flags?: Record<string, string | true>;
  readonly env?: Record<string, string>;
  /** Content of `.env` in the working folder. */
  readonly envFile?: string;
  /** Content of `magflock.config.jsonc` in the working folder. */
  readonly file?: string;
}

const randomKey = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

describe('settings', () => {
  const folder = temporaryFolder();

  function load({ flags = {}, env = {}, envFile, file }: Sources): LoadedSettings {
    if (envFile !== undefined) writeFileSync(join(folder(), '.env'), envFile);
    if (file !== undefined) writeFileSync(join(folder(), 'magflock.config.jsonc'), file);
    return loadSettings({ flags, env, cwd: folder() });
  }

  function problemsOf(sources: Sources): readonly string[] {
    try {
      load(sources);
    } catch (thrown) {
      assert.ok(MagFlockError.is(thrown));
      assert.equal(thrown.code, 'MF703');
      return String(thrown.details?.['why']).split('\n');
    }
    return [];
  }

  describe('precedence', () => {
    const all: Sources = {
      flags: { port: '1' },
      env: { MAGFLOCK_PORT: '2', PORT: '3' },
      envFile: 'MAGFLOCK_PORT=4\nPORT=5\n',
      file: '{ "port": 6 }',
    };
    const { flags: _f, ...noFlags } = all;
    const { env: _e, ...noEnvironment } = noFlags;
    const { envFile: _n, ...fileOnly } = noEnvironment;
    const rows: readonly [name: string, sources: Sources, port: number, origin: string, where: RegExp][] = [
      ['a flag wins over everything', all, 1, 'flag', /^--port$/],
      ['the environment over .env', noFlags, 2, 'environment', /^MAGFLOCK_PORT$/],
      ['the first environment name over the second', { env: { PORT: '3' } }, 3, 'environment', /^PORT$/],
      ['.env over the file', noEnvironment, 4, 'env-file', /^MAGFLOCK_PORT in .*\.env$/],
      ['the file over the default', fileOnly, 6, 'file', /magflock\.config\.jsonc$/],
      ['the default when nobody says', {}, 8080, 'default', /^default$/],
      ['an empty variable does not count', { env: { PORT: '' } }, 8080, 'default', /^default$/],
    ];
    for (const [name, sources, port, source, where] of rows) {
      it(name, () => {
        const { settings, origins } = load(sources);
        assert.equal(settings.port, port);
        assert.equal(origins.port.source, source);
        assert.match(origins.port.where, where);
      });
    }
  });

  describe('types', () => {
    const rows: readonly [
      name: string,
      sources: Sources,
      setting: keyof typeof settingDefinitions,
      value: unknown,
    ][] = [
      [
        'a list from text',
        { env: { MAGFLOCK_CORS_ORIGINS: 'https://a.b, *' } },
        'corsOrigins',
        ['https://a.b', '*'],
      ],
      [
        'a list from the file',
        { file: '{"trustedProxies": ["10.0.0.0/8", "::1"]}' },
        'trustedProxies',
        ['10.0.0.0/8', '::1'],
      ],
      ['a nested name', { file: '{"storage": {"maxConnections": 20}}' }, 'storage.maxConnections', 20],
      ['a dotted name', { file: '{"storage.maxConnections": 21}' }, 'storage.maxConnections', 21],
      [
        'a flag of a dotted name',
        { flags: { 'storage-max-connections': '22' } },
        'storage.maxConnections',
        22,
      ],
      ['one of several words', { flags: { 'log-level': 'debug' } }, 'log.level', 'debug'],
      ['zero', { flags: { port: '0' } }, 'port', 0],
      ['null in the file', { file: '{"domain": null}' }, 'domain', null],
      ['comments and trailing commas', { file: '// a\n{"port": 7, /* "port": 8 */ }' }, 'port', 7],
      [
        'a comment that is a value',
        { file: '{"domain": "a.example", "$schema": "http://x//y"}' },
        'domain',
        'a.example',
      ],
    ];
    for (const [name, sources, setting, value] of rows) {
      it(name, () => assert.deepEqual(load(sources).settings[setting], value));
    }
  });

  describe('what is refused, with what was expected', () => {
    const rows: readonly [name: string, sources: Sources, problem: RegExp][] = [
      [
        'a word for a number',
        { env: { PORT: 'tcp://10.0.0.1:80' } },
        /^PORT: port is "tcp:.*whole number from 0 to 65535$/,
      ],
      ['a number beyond its limit', { flags: { port: '65536' } }, /^--port: port is "65536"/],
      ['a number as text in the file', { file: '{"port": "80"}' }, /port is "80"; expected a whole number/],
      ['a fraction', { file: '{"port": 80.5}' }, /port is 80.5/],
      [
        'a word that is not in the list',
        { flags: { 'log-level': 'inof' } },
        /expected one of trace, debug, info/,
      ],
      [
        'an unknown flag',
        { flags: { prot: '1' } },
        /^--prot: unknown setting --prot; did you mean "--port"\?$/,
      ],
      [
        'a flag without its value',
        { flags: { port: true } },
        /^--port: --port has no value; --port <integer>$/,
      ],
      [
        'an unknown name in the file',
        { file: '{"storage": {"maxConections": 1}}' },
        /"storage.maxConections"; did you mean "storage.maxConnections"\?/,
      ],
      [
        'an unknown name in .env',
        { envFile: 'MAGFLOCK_PROT=1' },
        /MAGFLOCK_PROT in .*did you mean "MAGFLOCK_PORT"\?/,
      ],
      ['a secret as a flag', { flags: { 'master-key': randomKey } }, /unknown setting --master-key/],
      ['a file that is not JSON', { file: '{"port": 1,\n  "host" "x"}' }, /line 2, column 10/],
      ['a file that is a list', { file: '[]' }, /not an object/],
      ['a file that is not there', { flags: { config: 'none.jsonc' } }, /none\.jsonc: no such file/],
      [
        'the same port twice',
        { flags: { port: '90', 'admin-port': '90' } },
        /adminPort is 90; expected another port/,
      ],
      [
        'a default limit above the largest',
        { flags: { 'api-default-limit': '2000' } },
        /expected at most api\.maxLimit \(1000\)/,
      ],
      ['a range that is none', { env: { MAGFLOCK_TRUSTED_PROXIES: '10.0.0.0/33' } }, /trustedProxies/],
      [
        'a private range that is none',
        { env: { MAGFLOCK_EXTENSIONS_ALLOW_PRIVATE: 'localhost' } },
        /extensions\.allowPrivate .*expected addresses or CIDR ranges/,
      ],
      ['an origin with a path', { env: { MAGFLOCK_CORS_ORIGINS: 'https://a.b/c' } }, /corsOrigins/],
      [
        'a weak master key',
        { env: { MAGFLOCK_MASTER_KEY: '0123456789abcdef'.repeat(4) } },
        /expected a random key/,
      ],
      ['a short master key', { env: { MAGFLOCK_MASTER_KEY: 'abc' } }, /expected 64 hex digits/],
      ['another kind of database', { env: { DATABASE_URL: 'mysql://h/d' } }, /expected postgres:/],
      [
        'a secret file that is not there',
        { env: { DATABASE_URL_FILE: '/nowhere' } },
        /DATABASE_URL_FILE \(\/nowhere\): the file cannot be read \(ENOENT\)/,
      ],
    ];
    for (const [name, sources, problem] of rows) {
      it(name, () => {
        const problems = problemsOf(sources);
        assert.equal(problems.length, 1, problems.join('\n'));
        assert.match(problems[0] ?? '', problem);
      });
    }

    it('all at once, also where a stronger source covers a wrong value', () => {
      const problems = problemsOf({
        flags: { prot: '1', port: '1' },
        env: { PORT: 'x', MAGFLOCK_CORES: 'many' },
        envFile: 'MAGFLOCK_LOG_LEVEL=loud',
        file: '{"hots": "x", "host": ""}',
      });
      assert.equal(problems.length, 6, problems.join('\n'));
      for (const name of ['--prot', 'PORT', 'MAGFLOCK_CORES', 'MAGFLOCK_LOG_LEVEL', 'hots', 'host is ""'])
        assert.ok(
          problems.some((problem) => problem.includes(name)),
          name,
        );
    });

    it('never shows a secret, not even a wrong one', () => {
      const problems = problemsOf({
        env: { MAGFLOCK_MASTER_KEY: 'hunter2', DATABASE_URL: 'mysql://u:hunter2@h' },
      });
      assert.equal(problems.length, 2);
      assert.doesNotMatch(problems.join('\n'), /hunter2/);
    });
  });

  describe('secrets', () => {
    it('are read from the file that NAME_FILE names', () => {
      const path = join(folder(), 'key');
      writeFileSync(path, `${randomKey}\n`);
      const { settings, origins } = load({ env: { MAGFLOCK_MASTER_KEY_FILE: path } });
      assert.equal(settings.masterKey, randomKey);
      assert.equal(origins.masterKey.where, `MAGFLOCK_MASTER_KEY_FILE (${path})`);
    });

    it('are masked where settings are shown', () => {
      const shown = describeSettings(load({ env: { DATABASE_URL: 'postgres://u:hunter2@h/d' } }));
      assert.equal(shown.find(({ name }) => name === 'databaseUrl')?.value, '[set]');
      assert.equal(shown.find(({ name }) => name === 'masterKey')?.value, null);
      assert.doesNotMatch(JSON.stringify(shown), /hunter2/);
    });
  });

  describe('.env', () => {
    it('of the working folder is read and said', () => {
      const { notes } = load({ envFile: 'PORT=1' });
      assert.deepEqual(notes, [`environment from ${join(folder(), '.env')}`]);
    });

    it('of the data folder is read when the working folder has none', () => {
      mkdirSync(join(folder(), 'data'));
      writeFileSync(join(folder(), 'data', '.env'), 'PORT=7');
      assert.equal(load({ flags: { data: 'data' } }).settings.port, 7);
    });

    it('only one is read, and the other is named', () => {
      mkdirSync(join(folder(), '.magflock'));
      writeFileSync(join(folder(), '.magflock', '.env'), 'PORT=7');
      const { settings, notes } = load({ envFile: 'MAGFLOCK_CORES=2' });
      assert.equal(settings.port, 8080);
      assert.match(notes.join(), /\.magflock\/\.env not read, one file only/);
    });

    it('is not read in production unless named', () => {
      const { settings, notes } = load({ env: { NODE_ENV: 'production' }, envFile: 'PORT=7' });
      assert.equal(settings.port, 8080);
      assert.match(notes.join(), /not read because NODE_ENV is production/);
      const named = loadSettings({
        flags: { 'env-file': '.env' },
        env: { NODE_ENV: 'production' },
        cwd: folder(),
      });
      assert.equal(named.settings.port, 7);
    });

    it('that may not be read is a problem, not a crash', function () {
      if (process.getuid?.() === 0) this.skip();
      writeFileSync(join(folder(), '.env'), 'PORT=1');
      chmodSync(join(folder(), '.env'), 0);
      assert.match(problemsOf({}).join(), /cannot be read \(EACCES\)/);
    });
  });

  it('notes unknown MAGFLOCK_ names of the environment without stopping, since orchestrators add some', () => {
    const { notes } = load({ env: { MAGFLOCK_SERVICE_HOST: '10.0.0.1', MAGFLOCK_PROT: '1' } });
    assert.equal(notes.length, 2);
    assert.match(notes.join('\n'), /ignored MAGFLOCK_PROT: .*did you mean "MAGFLOCK_PORT"\?/);
  });

  it('resolve the data folder from where it was said: the file, else the working folder', () => {
    mkdirSync(join(folder(), 'etc'));
    writeFileSync(join(folder(), 'etc', 'm.jsonc'), '{"dataDir": "../var"}');
    assert.equal(load({ flags: { config: 'etc/m.jsonc' } }).settings.dataDir, join(folder(), 'var'));
    assert.equal(load({ flags: { data: 'x' } }).settings.dataDir, join(folder(), 'x'));
  });

  it('of the example file are all there and all the defaults', () => {
    const example = fileURLToPath(new URL('../../config/magflock.example.jsonc', import.meta.url));
    writeFileSync(join(folder(), 'magflock.config.jsonc'), readFileSync(example));
    const { settings, origins } = loadSettings({ flags: {}, env: {}, cwd: folder() });
    for (const [name, definition] of Object.entries(settingDefinitions)) {
      const key = name as keyof typeof settingDefinitions;
      assert.equal(origins[key].source, 'file', `${name} is missing in the example`);
      const expected = key === 'dataDir' ? join(folder(), '.magflock') : definition.default;
      assert.deepEqual(settings[key], expected, name);
    }
  });
});
