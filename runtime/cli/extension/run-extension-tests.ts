import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { moduleUrl } from '../../placement/module-url.ts';

export interface TestResult {
  readonly name: string;
  /** Relative to the folder of the extension. */
  readonly file: string;
  readonly passed: boolean;
  readonly durationMs: number;
  readonly error: string | null;
}

/** Test files of an extension, relative: `*.test.ts`, `.js` and so on, but for those of its packages. */
export function testFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.split(sep).includes('node_modules'))
    .filter((file) => /\.test\.(m?ts|m?js)$/.test(file))
    .sort();
}

/**
 * Runs test files as `node --test` does, each in a process of its own that has what isolates need.
 * @param show where the report for people goes; undefined for none
 */
export async function runExtensionTests(
  folder: string,
  files: readonly string[],
  options: { readonly show: NodeJS.WritableStream | undefined; readonly signal: AbortSignal },
): Promise<readonly TestResult[]> {
  const resolveSdk = moduleUrl('./resolve-sdk', import.meta.url).href;
  const events = run({
    files: files.map((file) => join(folder, file)),
    cwd: folder,
    signal: options.signal,
    execArgv: ['--no-node-snapshot', '--disable-warning=ExperimentalWarning', '--import', resolveSdk],
  });
  const results: TestResult[] = [];
  const onEnd = (event: TestEnd, passed: boolean): void => {
    // A suite passes or fails with its tests, and a file that loads is none.
    if (event.details.type === 'suite' || (passed && files.includes(event.name))) return;
    results.push(resultOf(folder, event, passed));
  };
  events.on('test:pass', (event) => onEnd(event, true));
  events.on('test:fail', (event) => onEnd(event, false));
  if (options.show === undefined) for await (const _event of events);
  else for await (const text of events.compose(new spec())) options.show.write(text);
  return results;
}

interface TestEnd {
  readonly name: string;
  readonly file?: string | undefined;
  readonly details: {
    readonly duration_ms: number;
    readonly type?: string | undefined;
    readonly error?: Error;
  };
}

function resultOf(folder: string, { name, file, details }: TestEnd, passed: boolean): TestResult {
  const cause = details.error?.cause;
  const message = cause instanceof Error ? cause.message : details.error?.message;
  return {
    name,
    file: file?.startsWith(`${folder}${sep}`) ? file.slice(folder.length + 1) : (file ?? ''),
    passed,
    durationMs: Math.round(details.duration_ms * 10) / 10,
    error: message ?? null,
  };
}
