import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(join(root, 'runtime/README.md'), 'utf8');
const blocks = Array.from(
  readme.matchAll(/^```ts\n\/\/ (?<name>[\w.-]+)\n(?<code>.*?)^```$/gms),
  ({ groups = {} }) => ({
    name: groups['name'] as string,
    code: groups['code'] as string,
  }),
);

interface Ended {
  readonly code: number;
  readonly output: string;
}

function run(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, output: stdout + stderr });
    });
  });
}

describe('the example in the README of the runtime', function () {
  this.timeout(60_000);
  let folder = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'magflock-readme-'));
    for (const { name, code } of blocks) {
      writeFileSync(join(folder, name), code.replaceAll("'../runtime/", `'${root}runtime/`));
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  it('has an actor, a program and a test', () => {
    assert.deepEqual(
      blocks.map(({ name }) => name),
      ['counter.actor.ts', 'program.ts', 'counter-test.ts'],
    );
  });

  it('compiles', async () => {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const config = { extends: join(root, 'tsconfig.json'), include: ['./*.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const { output } = await run(
      join(root, 'node_modules/typescript/bin/tsc'),
      '--pretty',
      'false',
      '-p',
      folder,
    );
    const findings = output
      .split('\n')
      .filter((line) => blocks.some(({ name }) => line.includes(`${name}(`)));
    assert.deepEqual(findings, []);
  });

  it('prints what it says it prints, and ends', async () => {
    const { code, output } = await run(join(folder, 'program.ts'));
    const promised = /console\.log\(.*\); \/\/ (?<value>.*)$/m.exec(readme)?.groups?.['value'];
    assert.deepEqual({ code, output }, { code: 0, output: `${promised}\n` });
  });

  it('has a test that passes, and would fail if the actor were wrong', async () => {
    assert.deepEqual(await run(join(folder, 'counter-test.ts')), { code: 0, output: '' });
    const file = join(folder, 'counter.actor.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace('times * state.step', 'times'));
    assert.equal((await run(join(folder, 'counter-test.ts'))).code, 1);
  });
});
