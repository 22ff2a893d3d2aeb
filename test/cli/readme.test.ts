import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';

const chapters = ['## The first five minutes', '## The data API', '## An extension in ten minutes'];

/** What each `curl` of the README answers, in its order. */
const statuses = [
  200, // the list
  201, // POST
  200, // PATCH
  204, // DELETE
  200, // filter, sort, fields
  403, // the public key before
  200, // and after `expose`
  403, // the injection
  200, // supabase's dialect, with rows of another table
  201, // a row of a user with a token
  200, // and that user's rows
  200, // /api with related rows
  200, // a page by cursor
  201, // a parent with its child
  200, // a batch
  200, // the route of an extension
];

describe('the commands of the README', function () {
  this.timeout(600_000);
  let daemon: RunningDaemon;

  before(async function () {
    if (spawnSync('curl', ['--version']).status !== 0) {
      process.stderr.write('      skipped: there is no curl on this machine\n');
      this.skip();
    }
    daemon = await startDaemon({ flags: ['--cores', '1'] });
    // On a terminal the boot screen shows the secret key and there is no such file.
    rmSync(join(daemon.dataDir, 'first-keys.txt'));
  });

  after(async () => {
    await daemon?.stop();
  });

  it('every command works as it stands there', () => {
    const lines = commands().map((line) => line.replaceAll('http://127.0.0.1:8080', daemon.url));
    assert.ok(lines.length > 15, `only ${lines.length} commands found`);
    const main = fileURLToPath(new URL('../../runtime/cli/main.ts', import.meta.url));
    const script = `set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npx() { shift; "${process.execPath}" --disable-warning=ExperimentalWarning "${main}" "$@" --data "${daemon.dataDir}"; }
curl() { command curl -sS -o /dev/null -w 'status %{http_code}\\n' "$@"; }
export KEY=${daemon.secretKey}
${lines.map(made).join('\n')}
`;
    const run = spawnSync('bash', ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    const answered = [...run.stdout.matchAll(/^status (\d+)$/gm)].map((match) => Number(match[1]));
    assert.deepEqual(answered, statuses, `${run.stdout}\n${run.stderr}`);
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stderr, /stopped daemon/);
  });
});

/** A new table answers within a second; what the linter finds is no failure. */
function made(line: string): string {
  if (line.startsWith('npx magflock sql')) return `${line}\nsleep 1`;
  return line === 'npx magflock lint' ? `${line} || [ $? = 4 ]` : line;
}

/** The indented lines of the chapters, without starting and without the key that the user copies; the stop last. */
function commands(): string[] {
  const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const lines = chapters.flatMap((title) => {
    const chapter = text.split(title)[1]?.split('\n## ')[0] ?? '';
    return chapter
      .split('\n')
      .filter((line) => line.startsWith('    '))
      .map((line) => line.trim())
      .filter((line) => line !== 'npm start' && !line.startsWith('export KEY='));
  });
  const stop = 'npx magflock stop';
  assert.ok(lines.includes(stop));
  return [...lines.filter((line) => line !== stop), stop];
}
