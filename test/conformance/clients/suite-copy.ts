import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';

export interface SuiteCopy {
  readonly folder: string;
  remove(): void;
}

/** Where the suite's tests look for a server. */
const hardWired = /http:\/\/localhost:54321/g;
/** What it takes to run them; for versions that the suite leaves to its workspace when that was not checked out. */
const needed: Readonly<Record<string, string>> = {
  jest: '30.4.2',
  'ts-jest': '^29.4.9',
  tslib: '2.8.1',
  typescript: '~5.8.3',
  zod: '^3.25.76',
};

/**
 * Copies the suite into a throw-away folder, installs what its tests need (without scripts of packages) and points
 * them at another server. The tests themselves stay as they are; their types are not checked, that is the compiler's.
 * @param source folder with `src` and `test`
 * @param url what takes the place of `http://localhost:54321`
 */
export async function copySuite(source: string, url: string): Promise<SuiteCopy> {
  const folder = mkdtempSync(join(tmpdir(), 'magflock-suite-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const part of ['src', 'test']) cpSync(join(source, part), join(folder, part), { recursive: true });
    const tests = readdirSync(join(folder, 'test')).filter((file) => file.endsWith('.test.ts'));
    for (const file of tests) {
      const path = join(folder, 'test', file);
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll(hardWired, url));
    }
    const settings = {
      private: true,
      dependencies: versions(source),
    };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(settings));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    writeFileSync(join(folder, 'jest.config.cjs'), `module.exports = ${JSON.stringify(jestConfig)};\n`);
    const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
    await promisify(execFile)('npm', install, { cwd: folder, timeout: 300_000 });
    return { folder, remove };
  } catch (thrown) {
    remove();
    throw thrown;
  }
}

const tsconfig = {
  compilerOptions: {
    ...{ target: 'ES2022', module: 'CommonJS', moduleResolution: 'Node', lib: ['ES2022', 'DOM'] },
    ...{
      strict: true,
      esModuleInterop: true,
      skipLibCheck: true,
      isolatedModules: true,
      importHelpers: true,
    },
  },
};

/** As the suite has it: one file after another, in the order of their names; `test/v12` is for another server. */
const jestConfig = {
  testEnvironment: 'node',
  maxWorkers: 1,
  testSequencer: '<rootDir>/test/testSequencer.js',
  testTimeout: 30_000,
  testPathIgnorePatterns: ['/node_modules/', '/test/v12/'],
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
};

function versions(source: string): Record<string, string> {
  const read = (path: string): string | undefined =>
    existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  const own = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  const workspace = read(join(source, '..', '..', '..', 'pnpm-workspace.yaml'));
  const { catalog = {} } = (workspace === undefined ? {} : parse(workspace)) as {
    catalog?: Record<string, string>;
  };
  const asked = { ...own.devDependencies, ...own.dependencies };
  return Object.fromEntries(
    Object.entries(needed).map(([name, fallback]) => {
      const version = asked[name] === 'catalog:' ? catalog[name] : asked[name];
      return [name, version ?? fallback];
    }),
  );
}
