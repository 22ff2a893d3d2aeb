import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface BootstrapRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A folder with the real bootstrap, a program that tells what it was given, and an npm that installs nothing but
 * counts how often it was asked to.
 */
export class FakeCheckout {
  readonly root = mkdtempSync(join(tmpdir(), 'magflock-bootstrap-'));
  readonly #bin = join(this.root, 'bin');

  constructor(main: string) {
    const bootstrap = fileURLToPath(new URL('../../bootstrap', import.meta.url));
    cpSync(bootstrap, join(this.root, 'bootstrap'), { recursive: true });
    mkdirSync(join(this.root, 'runtime', 'cli'), { recursive: true });
    mkdirSync(this.#bin);
    writeFileSync(join(this.root, 'runtime', 'cli', 'main.ts'), main);
    writeFileSync(join(this.root, 'package.json'), '{"name":"fake","version":"0.0.0","type":"module"}');
    this.lock('1.0.0');
    this.npm('exit 0');
  }

  /** Writes a lockfile that wants this version of one package. */
  lock(version: string): void {
    const packages = { '': {}, 'node_modules/thing': { version, integrity: `sha512-${version}` } };
    writeFileSync(join(this.root, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  }

  /** @param body shell lines that run before it "installs" */
  npm(body: string): void {
    const script = `#!/bin/sh
echo "$@" >> '${this.root}/npm-calls'
echo "npm talks"
(${body}) || exit $?
rm -rf node_modules && mkdir -p node_modules/node/bin
ln -s '${process.execPath}' node_modules/node/bin/node
`;
    writeFileSync(join(this.#bin, 'npm'), script);
    chmodSync(join(this.#bin, 'npm'), 0o755);
  }

  /** npm's own record of what it installed, as after an `npm install` by hand. */
  installedByHand(version: string): void {
    mkdirSync(join(this.root, 'node_modules', 'node', 'bin'), { recursive: true });
    cpSync(process.execPath, join(this.root, 'node_modules', 'node', 'bin', 'node'));
    const packages = { 'node_modules/thing': { version, integrity: `sha512-${version}` } };
    writeFileSync(join(this.root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
  }

  calls(): number {
    const file = join(this.root, 'npm-calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
  }

  /** @param node the Node that a user's shell would find, default ours */
  async run(
    args: readonly string[],
    node: string = process.execPath,
    onStart?: (child: import('node:child_process').ChildProcess) => void,
  ): Promise<BootstrapRun> {
    const [script = '', ...rest] = args;
    const env: NodeJS.ProcessEnv = { PATH: `${this.#bin}:/usr/bin:/bin`, HOME: this.root };
    const child = spawn(node, [join(this.root, 'bootstrap', script), ...rest], { cwd: this.root, env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes('ready')) onStart?.(child);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
