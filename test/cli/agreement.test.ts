import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { commands } from '../../runtime/cli/commands.ts';
import { globalFlags } from '../../runtime/cli/global-flags.ts';
import { parseCommandLine } from '../../runtime/cli/parse-command-line.ts';
import { renderCompletion } from '../../runtime/cli/render-completion.ts';
import { renderCommandHelp, renderHelp } from '../../runtime/cli/render-help.ts';
import { splitShellWords } from '../support/split-shell-words.ts';

const documents = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'config/README.md'];

describe('help, completion and documents agree', () => {
  for (const command of commands) {
    it(`${command.name}: its examples are commands that parse`, () => {
      assert.ok(command.examples.length > 0);
      for (const example of command.examples) {
        const line = invocationsIn(example.command);
        assert.ok(line.length > 0, `no invocation in: ${example.command}`);
        for (const words of line) {
          const parsed = parseCommandLine(words, commands);
          assert.equal(parsed.command?.name, command.name, example.command);
        }
      }
    });

    it(`${command.name}: help and completion know all its flags and arguments`, () => {
      const help = renderCommandHelp(command);
      for (const flag of [...(command.flags ?? []), ...globalFlags]) {
        assert.match(help, new RegExp(`--${flag.name}\\b`));
        assert.match(renderCompletion('bash', commands), new RegExp(`--${flag.name}\\b`));
        assert.match(renderCompletion('zsh', commands), new RegExp(`--${flag.name}\\[`));
        assert.match(renderCompletion('fish', commands), new RegExp(`-l ${flag.name}\\b`));
      }
      assert.ok(renderHelp(commands).includes(`  ${command.name}`));
    });

    it(`${command.name}: no flag means something else than the global one of its name`, () => {
      const names = [...globalFlags, ...(command.flags ?? [])].flatMap((flag) =>
        flag.short === undefined ? [flag.name] : [flag.name, flag.short],
      );
      assert.equal(new Set(names).size, names.length);
    });
  }

  for (const document of documents) {
    it(`${document}: every magflock command in it parses`, () => {
      const text = readText(document);
      const lines = [...text.matchAll(/(?:npx )?\bmagflock [a-z][^\n`]*/g)].map((match) => match[0]);
      const code = lines.filter((line) => text.includes(`\`${line}`) || text.includes(`    ${line}`));
      for (const line of code) {
        for (const words of invocationsIn(line)) {
          assert.doesNotThrow(() => parseCommandLine([...words, '-h'], commands), `${document}: ${line}`);
        }
      }
    });
  }

  it('the README names every command or the help that lists it', () => {
    assert.match(readText('README.md'), /magflock help/);
  });
});

describe('completion in bash', () => {
  const rows: [typed: string[], offered: string[]][] = [
    [['sta'], ['start', 'status']],
    [['key', 'cr'], ['create']],
    [
      ['key', ''],
      ['create', 'list', 'revoke', 'rotate'],
    ],
    [['--data', 'x', 'project', 'in'], ['info']],
    [
      ['expose', 'notes', '--to', ''],
      ['anon', 'authenticated'],
    ],
    [['logs', '--fol'], ['--follow']],
    [['logs', 'ver'], ['verify']],
    [['completion', 'f'], ['fish']],
    [['status', '--adm'], ['--admin-port']],
  ];
  for (const [typed, offered] of rows) {
    it(`after "magflock ${typed.join(' ')}" offers ${offered.join(', ')}`, () => {
      const script = [
        renderCompletion('bash', commands),
        `COMP_WORDS=(magflock ${typed.map((word) => `'${word}'`).join(' ')})`,
        `COMP_CWORD=${typed.length}`,
        '_magflock',
        `printf "%s\\n" "\${COMPREPLY[@]}"`,
      ].join('\n');
      const answer = execFileSync('bash', ['-c', script], { cwd: '/' }).toString().trim().split('\n');
      assert.deepEqual(answer.sort(), offered);
    });
  }
});

/** The words after `magflock` of each invocation in a shell line; comments and other programs are left out. */
function invocationsIn(line: string): string[][] {
  const plain = line.includes('"$(') ? line.replaceAll('"$(', '$( ').replaceAll(')"', ' )') : line;
  const words = splitShellWords(plain);
  const found: string[][] = [];
  for (const [index, word] of words.entries()) {
    if (word !== 'magflock') continue;
    const rest = words.slice(index + 1);
    const end = rest.findIndex((one) => ['|', '&&', ';', ')', '<', '>', '#'].includes(one));
    found.push(end === -1 ? rest : rest.slice(0, end));
  }
  return found;
}

function readText(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
}
