import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface SuiteRun {
  readonly passed: number;
  /** Without those the suite itself skips. */
  readonly total: number;
  readonly tests: readonly SuiteTest[];
}

export interface SuiteTest {
  readonly file: string;
  readonly name: string;
  readonly ok: boolean;
  /** Empty when it passed. */
  readonly message: string;
}

interface JestResult {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/**
 * Runs the tests of a copied suite with its own test runner; snapshots are compared and not written.
 * @throws Error when it ends without results, or when a file of tests cannot be loaded
 */
export async function runSuite(folder: string): Promise<SuiteRun> {
  const jest = join(folder, 'node_modules', 'jest', 'bin', 'jest.js');
  const results = join(folder, 'results.json');
  const args = [jest, '--ci', '--runInBand', '--silent', '--json', `--outputFile=${results}`];
  const printed = await new Promise<string>((resolve) => {
    const options = { cwd: folder, timeout: 600_000, maxBuffer: 2 ** 28 };
    execFile(process.execPath, args, options, (_error, _stdout, stderr) => resolve(stderr));
  });
  let read: JestResult;
  try {
    read = JSON.parse(readFileSync(results, 'utf8')) as JestResult;
  } catch (thrown) {
    throw new Error(`the suite ended without results: ${printed.slice(-2000)}`, { cause: thrown });
  }
  const broken = read.testResults.find(({ assertionResults }) => assertionResults.length === 0);
  if (broken !== undefined) throw new Error(`${broken.name}: ${broken.message}`);
  const tests = read.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ fullName, status, failureMessages }) => ({
        file: basename(name),
        name: fullName,
        ok: status === 'passed',
        message: failureMessages.join('\n'),
      })),
  );
  return { passed: tests.filter(({ ok }) => ok).length, total: tests.length, tests };
}
