import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConfiguration } from '../../runtime/bios/configuration.ts';
import { parseJsonc } from '../../runtime/bios/parse-jsonc.ts';
import { setInJsonc } from '../../runtime/bios/set-in-jsonc.ts';

describe('a value set in a configuration file', () => {
  const rows: readonly (readonly [string, string, string, unknown, string])[] = [
    ['in an empty object', '{}', 'port', 1, '{\n  "port": 1\n}'],
    ['first where it is new', '{\n  "host": "::1"\n}', 'port', 1, '{\n  "port": 1,\n  "host": "::1"\n}'],
    ['in place of the old one', '{ "port": 8080, "cores": 2 }', 'port', 1, '{ "port": 1, "cores": 2 }'],
    [
      'where it stands nested',
      '{"log": {"level": "info"}}',
      'log.level',
      'debug',
      '{"log": {"level": "debug"}}',
    ],
    ['where it stands dotted', '{"log.level": "info"}', 'log.level', 'debug', '{"log.level": "debug"}'],
    [
      'in both places where it stands twice',
      '{"log.level": "info", "log": {"level": "warn"}}',
      'log.level',
      'error',
      '{"log.level": "error", "log": {"level": "error"}}',
    ],
    [
      'in place of a list',
      '{"corsOrigins": ["a", ["b"]], "port": 1}',
      'corsOrigins',
      [],
      '{"corsOrigins": [], "port": 1}',
    ],
    [
      'without touching comments, or what only looks like a key',
      '// "port": 1\n{\n  /* { "port": 2 } */ "host": "\\"port\\": 3", // {\n  "port": 4, // last\n}\n',
      'port',
      5,
      '// "port": 1\n{\n  /* { "port": 2 } */ "host": "\\"port\\": 3", // {\n  "port": 5, // last\n}\n',
    ],
    [
      'not in a nested object of another name',
      '{"api": {"port": 1}}',
      'port',
      2,
      '{\n  "port": 2,"api": {"port": 1}}',
    ],
  ];
  for (const [where, text, name, value, expected] of rows) {
    it(where, () => {
      const written = setInJsonc(text, name, value);
      assert.equal(written, expected);
      parseJsonc(written);
    });
  }
});

describe('the configuration of a running daemon', () => {
  let folder: string;
  let file: string;
  const configuration = (env: Record<string, string> = {}, flags: Record<string, string> = {}) =>
    createConfiguration({ flags, env, cwd: folder });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'magflock-configuration-'));
    file = join(folder, 'magflock.config.jsonc');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('writes a setting and reads what a restart would find', () => {
    writeFileSync(file, '{\n  // ours\n  "cores": 3\n}\n');
    chmodSync(file, 0o640);
    const { settings, overruledBy } = configuration().write('log.level', 'debug');
    assert.deepEqual([settings['log.level'], settings.cores, overruledBy], ['debug', 3, undefined]);
    assert.equal(readFileSync(file, 'utf8'), '{\n  "log.level": "debug",\n  // ours\n  "cores": 3\n}\n');
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.equal(configuration().read().settings['log.level'], 'debug');
  });

  it('makes the file where there is none, for its owner alone', () => {
    configuration().write('trustedProxies', '10.0.0.0/8, 192.168.0.0/16');
    assert.deepEqual(parseJsonc(readFileSync(file, 'utf8')), {
      trustedProxies: ['10.0.0.0/8', '192.168.0.0/16'],
    });
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('says who has the last word over the file', () => {
    const { settings, overruledBy } = configuration({ MAGFLOCK_LOG_LEVEL: 'warn' }).write(
      'log.level',
      'debug',
    );
    assert.deepEqual([settings['log.level'], overruledBy], ['warn', 'MAGFLOCK_LOG_LEVEL']);
  });

  for (const [what, name, value, code, message] of [
    ['a wrong value', 'log.level', 'loud', 'MF703', /log\.level cannot be "loud"; expected one of trace/],
    ['a value out of bounds', 'port', '70000', 'MF703', /expected a whole number from 0 to 65535/],
    ['a value that does not fit the others', 'api.defaultLimit', '5000', 'MF703', /one setting is not right/],
    ['an unknown name', 'log.levle', 'debug', 'MF704', /there is no setting log\.levle/],
    ['a secret', 'masterKey', 'ab', 'MF644', /is a secret/],
  ] as const) {
    it(`refuses ${what} and leaves the file as it was`, () => {
      writeFileSync(file, '{ "cores": 3 }');
      assert.throws(() => configuration().write(name, value), { code, message });
      assert.equal(readFileSync(file, 'utf8'), '{ "cores": 3 }');
      assert.deepEqual(readdirSync(folder), ['magflock.config.jsonc']);
    });
  }

  it('names the line of a file that cannot be read, and writes nothing into it', () => {
    writeFileSync(file, '{\n  "cores": 3\n  "port": 1\n}');
    const wrong = (thrown: { code: string; details: { why: string } }) => {
      assert.equal(thrown.code, 'MF703');
      assert.match(thrown.details.why, /magflock\.config\.jsonc: line 3, column 3/);
      return true;
    };
    assert.throws(() => configuration().read(), wrong);
    assert.throws(() => configuration().write('log.level', 'debug'), wrong);
    assert.ok(existsSync(file) && readFileSync(file, 'utf8').startsWith('{\n  "cores": 3\n  "port"'));
  });
});
