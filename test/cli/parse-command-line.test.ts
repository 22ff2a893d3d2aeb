import assert from 'node:assert/strict';
import { commands } from '../../runtime/cli/commands.ts';
import { parseCommandLine } from '../../runtime/cli/parse-command-line.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

const understood: [line: string[], command: string | undefined, args: object, flags: object][] = [
  [[], undefined, {}, {}],
  [['--help'], undefined, {}, { help: 'true' }],
  [['status'], 'status', {}, {}],
  [['--json', 'status'], 'status', {}, { json: 'true' }],
  [['--data', '/srv/x', 'key', 'list'], 'key list', {}, { data: '/srv/x' }],
  [['key', '--data=/srv/x', 'list'], 'key list', {}, { data: '/srv/x' }],
  [['logs'], 'logs', {}, {}],
  [['logs', 'verify'], 'logs verify', {}, {}],
  [['logs', '--follow', '--security'], 'logs', {}, { follow: 'true', security: 'true' }],
  [['sql', 'select 1', '-q'], 'sql', { text: 'select 1' }, { quiet: 'true' }],
  [['sql', '-- a comment\nselect 1'], 'sql', { text: '-- a comment\nselect 1' }, {}],
  [['sql', '-f', 'x.sql'], 'sql', { text: undefined }, { file: 'x.sql' }],
  [['sql', '--', '--version'], 'sql', { text: '--version' }, {}],
  [['start', '--data', 'a=b'], 'start', {}, { data: 'a=b' }],
  [['start', '--log-level=debug'], 'start', {}, { 'log-level': 'debug' }],
  [['start', '--port', '1', '--port', '2'], 'start', {}, { port: '2' }],
  [['key', 'revoke', '--help'], 'key revoke', {}, { help: 'true' }],
  [['project', 'remove', 'shop', '-y'], 'project remove', { ref: 'shop' }, { yes: 'true' }],
  [['project', 'settings', 'shop'], 'project settings', { ref: 'shop' }, {}],
  [['project', 'settings', 'set', 'a=b', 'c=d'], 'project settings set', { 'name=value': 'a=b' }, {}],
  [
    ['project', 'settings', '--json', 'unset', 'a'],
    'project settings unset',
    { name: 'a' },
    { json: 'true' },
  ],
];

const refused: [line: string[], code: string, says: RegExp, fix: RegExp][] = [
  [['statsu'], 'MF801', /unknown command "statsu"/, /did you mean magflock status\?/],
  [['key', 'creat'], 'MF801', /unknown command "key creat"/, /did you mean magflock key create\?/],
  [['frobnicate'], 'MF801', /unknown command "frobnicate"/, /magflock help/],
  [['status', '--jsn'], 'MF802', /unknown flag --jsn/, /did you mean --json\?/],
  [['status', '--follow'], 'MF802', /unknown flag --follow/, /magflock status --help/],
  [['start', '--data'], 'MF802', /--data needs a value/, /start --help/],
  [['start', '--data', '--json'], 'MF802', /--data needs a value/, /start --help/],
  [['status', '--json=yes'], 'MF802', /takes no value, got "yes"/, /status --help/],
  [['key', 'create', '--role', 'admin'], 'MF802', /takes anon or service_role, got "admin"/, /--help/],
  [['key', 'create', '--role', 'anom'], 'MF802', /got "anom"/, /did you mean --role anon\?/],
  [['project', 'settings', 'set'], 'MF802', /needs <name=value>/, /settings set --help/],
  [['import'], 'MF802', /needs <file.sql>/, /import --help/],
  [['status', 'now'], 'MF802', /unexpected word "now"/, /status --help/],
  [['completion', 'tcsh'], 'MF802', /one of bash, zsh, fish, got "tcsh"/, /completion --help/],
];

describe('the command line', () => {
  it('keeps every value of a flag that is repeated', () => {
    const { flags } = parseCommandLine(['token', '--claim', 'a=b', '--claim=c={"d":1}'], commands);
    assert.deepEqual(flags.values('claim'), ['a=b', 'c={"d":1}']);
    assert.equal(flags.value('claim'), 'c={"d":1}');
    assert.deepEqual(flags.values('sub'), []);
  });

  for (const [line, command, args, flags] of understood) {
    it(`understands: magflock ${line.join(' ')}`, () => {
      const parsed = parseCommandLine(line, commands);
      assert.equal(parsed.command?.name, command);
      assert.deepEqual(parsed.args, args);
      for (const [name, value] of Object.entries(flags)) assert.equal(parsed.flags.value(name), value);
    });
  }

  for (const [line, code, says, fix] of refused) {
    it(`refuses: magflock ${line.join(' ')}`, () => {
      assert.throws(
        () => parseCommandLine(line, commands),
        (thrown: unknown) => {
          assert.ok(thrown instanceof MagFlockError);
          assert.equal(thrown.code, code);
          assert.match(thrown.message, says);
          assert.match(thrown.fix ?? '', fix);
          return true;
        },
      );
    });
  }

  it('has every word of an argument that may be repeated', () => {
    const line = ['project', 'settings', 'set', 'a=b', '--json', 'c=d', 'e=-'];
    assert.deepEqual(parseCommandLine(line, commands).words, ['a=b', 'c=d', 'e=-']);
    assert.deepEqual(parseCommandLine(['project', 'info', 'shop'], commands).words, []);
  });

  it('names the group when only its first word is given', () => {
    assert.equal(parseCommandLine(['key'], commands).group, 'key');
    assert.equal(parseCommandLine(['logs'], commands).group, undefined);
  });
});
