import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
const files = readdirSync(here).filter((file) => file.endsWith('.types.ts'));
const mark = '// @ts-expect-error: ';

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** What tsc finds in these files, by file and line. */
function compile(folder: string): Promise<readonly Finding[]> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, '--pretty', 'false', '-p', folder], (_error, stdout) => {
      const found = stdout.matchAll(/^(?:.*\/)?(?<file>[\w.-]+)\((?<line>\d+),\d+\): (?<text>error .*)$/gm);
      resolve(
        Array.from(found, ({ groups = {} }) => ({
          file: groups['file'] as string,
          line: Number(groups['line']),
          text: groups['text'] as string,
        })),
      );
    });
  });
}

/** The same files elsewhere, without their expectations; `more` is added to the first. */
function withoutExpectations(more: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'magflock-types-'));
  for (const [index, file] of files.entries()) {
    const text = readFileSync(join(here, file), 'utf8')
      .replaceAll(mark, '// ')
      .replaceAll("'../../", `'${root}`);
    writeFileSync(join(folder, file), index === 0 ? `${text}\n${more}\n` : text);
  }
  for (const file of readdirSync(here).filter((name) => name.endsWith('.generated.ts'))) {
    copyFileSync(join(here, file), join(folder, file));
  }
  // Packages are looked for from the file that imports them.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
    include: ['./*.types.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  return folder;
}

describe('types', function () {
  this.timeout(120_000);
  const added = 'export const added: number = "a line that is wrong";';
  let expected: readonly Finding[] = [];
  let stripped: readonly Finding[] = [];

  before(async () => {
    const folder = withoutExpectations(added);
    try {
      expected = await compile(here);
      stripped = await compile(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('hold: what should compile does, and what should not does not', () => {
    assert.deepEqual(
      expected.filter(({ file }) => files.includes(file)),
      [],
    );
  });

  it('are looked at: a wrong line that is added is noticed', () => {
    const lines = readFileSync(join(here, files[0] as string), 'utf8').split('\n').length;
    assert.ok(stripped.some(({ file, line }) => file === files[0] && line === lines + 1));
  });

  for (const file of files) {
    const lines = readFileSync(join(here, file), 'utf8').split('\n');
    for (const [index, line] of lines.entries()) {
      const at = line.indexOf(mark);
      if (at < 0) continue;
      it(line.slice(at + mark.length), () => {
        assert.ok(stripped.some((finding) => finding.file === file && finding.line === index + 2));
      });
    }
  }
});
