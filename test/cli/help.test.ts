import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commands } from '../../runtime/cli/commands.ts';
import { renderCommandHelp, renderGroupHelp, renderHelp } from '../../runtime/cli/render-help.ts';
import { assertGolden } from '../support/assert-golden.ts';

const golden = (name: string): URL => new URL(`./golden/${name}.txt`, import.meta.url);
const fileOf = (command: string): string => command.replaceAll(' ', '-');

describe('help', () => {
  it('lists all commands', () => assertGolden(golden('all'), renderHelp(commands)));
  it('lists the commands of a group', () =>
    assertGolden(golden('help-of-key'), renderGroupHelp('key', commands)));

  for (const command of commands) {
    it(`explains ${command.name}`, () =>
      assertGolden(golden(fileOf(command.name)), renderCommandHelp(command)));
  }

  it('has no golden file of a command that is gone', () => {
    const known = ['all', 'help-of-key', ...commands.map((command) => fileOf(command.name))].map(
      (name) => `${name}.txt`,
    );
    const files = readdirSync(fileURLToPath(new URL('./golden', import.meta.url)));
    assert.deepEqual(
      files.filter((file) => !known.includes(file)),
      [],
    );
  });
});
