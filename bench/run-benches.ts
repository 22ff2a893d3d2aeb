import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * `npm run bench -- [folder or name …] [--short] [--json]`: runs each bench in a process of its own, one after
 * the other, because two at a time measure each other. A bench that misses its goal says so and is no failure;
 * one that does not run to its end is.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean' },
    json: { type: 'boolean' },
    list: { type: 'boolean' },
    peers: { type: 'boolean' },
  },
});
const here = fileURLToPath(new URL('.', import.meta.url));
const all = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.bench.ts'))
  .sort();
const chosen = all.filter(
  (file) => positionals.length === 0 || positionals.some((word) => matches(file, word)),
);
const unknown = positionals.filter((word) => !all.some((file) => matches(file, word)));
const talk = (text: string): void => void process.stderr.write(`${text}\n`);

if (unknown.length > 0) {
  talk(`error: no bench matches "${unknown.join('", "')}"; there are:\n  ${all.join('\n  ')}`);
  process.exit(2);
}
if (values.list) {
  process.stdout.write(`${chosen.join('\n')}\n`);
  process.exit(0);
}

const figures: unknown[] = [];
const failed: string[] = [];
for (const file of chosen) {
  talk(`\n── ${file}`);
  const flags = [
    ...(values.short ? ['--short'] : []),
    ...(values.json ? ['--json'] : []),
    ...(values.peers ? ['--peers'] : []),
  ];
  const child = spawn(process.execPath, [...process.execArgv, here + file, ...flags], {
    stdio: ['ignore', values.json ? 'pipe' : 'inherit', 'inherit'],
  });
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) failed.push(`${file} ended with ${code}`);
  if (values.json) collect(file, printed);
}
if (values.json) process.stdout.write(`${JSON.stringify(figures, null, 1)}\n`);
for (const line of failed) talk(`error: ${line}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** `api` matches the folder, `read` the file, `api/read` both. */
function matches(file: string, word: string): boolean {
  const name = file.replace(/\.bench\.ts$/, '');
  return name === word || name.startsWith(`${word}/`) || name.split('/').at(-1) === word;
}

function collect(file: string, printed: string): void {
  try {
    figures.push(...(JSON.parse(printed) as unknown[]));
  } catch {
    failed.push(`${file} did not print one array of figures`);
  }
}
