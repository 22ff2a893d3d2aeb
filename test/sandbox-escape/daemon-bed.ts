import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CapabilityName, Permission } from '../../runtime/protocol/extension-manifest.ts';
import { packageBytes, plainManifest } from '../sandbox/package/package-of.ts';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was answered
  readonly json: any;
}

export interface DaemonBed extends AsyncDisposable {
  readonly daemon: RunningDaemon;
  /** Puts an extension of publisher `evil` in, with all it asks for. */
  install(
    name: string,
    code: string,
    manifest?: object,
    more?: InstallMore,
  ): Promise<{ status: number; text: string }>;
  request(path: string, init?: RequestInitOfBed): Promise<Answer>;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was answered
  control(method: string, path: string, body?: unknown): Promise<{ status: number; json: any }>;
}

export interface RequestInitOfBed {
  readonly method?: string;
  readonly body?: unknown;
  /** Null for none; default: the secret key. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface InstallMore {
  readonly id?: string;
  readonly projects?: readonly string[];
  readonly update?: boolean;
  readonly files?: Readonly<Record<string, string>>;
}

export const may = (capability: CapabilityName, ...scope: string[]): Permission => ({
  capability,
  scope: scope.length === 0 ? ['*'] : scope,
  reason: 'x',
});
export const routes = {
  permissions: [may('http.route')],
  routes: ['GET', 'POST'].map((method) => ({ method, path: '/*' })),
};

/** A real daemon that hostile packages are put into. */
export async function daemonBed(): Promise<DaemonBed> {
  const daemon = await startDaemon({ flags: ['--cores', '1'] });
  const files = mkdtempSync(join(tmpdir(), 'magflock-escape-'));
  let packages = 0;
  return {
    daemon,
    async install(
      name,
      code,
      given = {},
      { id = `evil.${name}`, projects = ['main'], update = false, files: more = {} } = {},
    ) {
      const manifest = { ...plainManifest, ...routes, id, name, ...given };
      packages += 1;
      const file = join(files, `${packages}.magx`);
      writeFileSync(file, packageBytes({ 'extension.js': code, ...more }, manifest));
      const grants = manifest.permissions;
      const asked = { file, projects, grants, allowUnsigned: true };
      const { status, json } = await daemon.control(
        'POST',
        `/control/v1/extensions/${update ? 'update' : 'install'}`,
        asked,
      );
      return { status, text: JSON.stringify(json) };
    },
    request: (path, init) => ask(daemon, path, init),
    control: (method, path, body) => daemon.control(method, `/control/v1${path}`, body) as never,
    async [Symbol.asyncDispose]() {
      rmSync(files, { recursive: true, force: true });
      assert.equal(await daemon.stop(), 0);
    },
  };
}

/** With a cage that was killed goes what ran in it, which says so: the next try is answered by another. */
async function ask(daemon: RunningDaemon, path: string, init: RequestInitOfBed = {}): Promise<Answer> {
  for (let turn = 1; ; turn += 1) {
    const answer = await once(daemon, path, init);
    if (answer.json?.code !== 'MF601' || turn === 3) return answer;
  }
}

async function once(
  daemon: RunningDaemon,
  path: string,
  { method, body, key = daemon.secretKey, headers = {} }: RequestInitOfBed,
): Promise<Answer> {
  const response = await fetch(daemon.url + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: {
      ...(key === null ? {} : { 'x-api-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // No JSON.
  }
  return { status: response.status, headers: response.headers, text, json };
}
