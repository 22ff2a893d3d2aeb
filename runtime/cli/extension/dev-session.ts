import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../../sandbox/package/bundle.ts';
import { pack } from '../../../sandbox/package/pack.ts';
import { readManifest } from '../../../sandbox/package/read-manifest.ts';
import type { ExtensionInfo, InstallRequest, PackageReview } from '../../protocol/extensions.protocol.ts';
import type { ControlClient } from '../control-client.ts';
import type { ApprovedPermission } from './approved-permission.ts';
import { devVersion } from './dev-version.ts';
import { extensionPath } from './extension-path.ts';
import { type LogLine, NewLogLines } from './new-log-lines.ts';
import { SourcePlaces } from './source-places.ts';
import { writeManifestTypes } from './write-manifest-types.ts';

export interface DevOptions {
  readonly folder: string;
  readonly client: Pick<ControlClient, 'ask'>;
  readonly project: string;
  readonly config: InstallRequest['config'];
  /** Asks the operator for what the working copy wants and has not. */
  approve(review: PackageReview): Promise<readonly ApprovedPermission[]>;
}

/** A working copy that was put in place. */
export interface Brought {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly state: string;
  readonly warnings: readonly string[];
  readonly durationMs: number;
}

/** A folder as the daemon runs it: packed, not signed, under versions of its own. */
export class DevSession {
  readonly #options: DevOptions;
  readonly #scratch = mkdtempSync(join(tmpdir(), 'magflock-dev-'));
  readonly #lines = new NewLogLines(new Date().toISOString());
  #id: string | undefined;
  #inputs: readonly string[] = [];
  #places = new SourcePlaces('');

  constructor(options: DevOptions) {
    this.#options = options;
  }

  /** Files that the working copy was made from, absolute. */
  get inputs(): readonly string[] {
    return this.#inputs;
  }

  /**
   * Installs the folder as it is now, or puts it in the place of what is installed.
   * @throws MF620, MF660 for what the author has to correct, and what the daemon refused; what ran goes on
   */
  async bring(): Promise<Brought> {
    const { folder, client } = this.#options;
    const started = performance.now();
    const { manifest } = readManifest(folder);
    writeManifestTypes(folder);
    const installed = await this.#installed(manifest.id);
    const version = devVersion(manifest.version, installed?.version ?? null);
    const { bytes, warnings } = await pack(folder, { version });
    const file = join(this.#scratch, `${manifest.name}.magx`);
    writeFileSync(file, bytes, { mode: 0o600 });
    const asked = performance.now();
    const review = await client.ask<PackageReview>('POST', '/extensions/review', { file });
    const request = await this.#request(file, review, installed);
    // What an author takes to answer is not the machine's time.
    const waited = review.added.length > 0 ? performance.now() - asked : 0;
    const act = installed === null ? 'install' : 'update';
    const info = await client.ask<ExtensionInfo>('POST', `/extensions/${act}`, request);
    this.#id = info.id;
    const { id, name, state } = info;
    const durationMs = Math.round(performance.now() - started - waited);
    return { id, name, version: info.version, state, warnings, durationMs };
  }

  /** What is only needed once the working copy runs: what to watch, and where its lines come from. */
  async lookUpSources(): Promise<void> {
    const { folder } = this.#options;
    const { manifest } = readManifest(folder);
    const { code, inputs } = await bundle({ folder, main: manifest.main, sourcemap: true });
    this.#inputs = inputs;
    this.#places = new SourcePlaces(code);
  }

  /** Lines of its log since the last time, with places in the author's files. */
  async newLogs(): Promise<readonly LogLine[]> {
    if (this.#id === undefined) return [];
    const path = extensionPath(this.#id, '/logs?limit=500');
    const lines = await this.#options.client.ask<readonly LogLine[]>('GET', path);
    return this.#lines.of(lines).map((line) => ({ ...line, text: this.#places.in(line.text) }));
  }

  /** A text of the daemon about it, with places in the author's files. */
  explained(text: string): string {
    return this.#places.in(text);
  }

  close(): void {
    rmSync(this.#scratch, { recursive: true, force: true });
  }

  async #installed(id: string): Promise<ExtensionInfo | null> {
    const all = await this.#options.client.ask<readonly ExtensionInfo[]>('GET', '/extensions');
    return all.find((one) => one.id === id) ?? null;
  }

  async #request(
    file: string,
    review: PackageReview,
    installed: ExtensionInfo | null,
  ): Promise<Omit<InstallRequest, 'grants'> & { readonly grants?: readonly ApprovedPermission[] }> {
    const { project, config, approve } = this.#options;
    const request = {
      file,
      projects: [project],
      allowUnsigned: true,
      ...(config === undefined ? {} : { config }),
    };
    // Hooks and open routes are no permissions; an author who adds one wants it.
    const powers = review.findings.some(({ rule }) => rule === 'power');
    if (installed !== null && review.added.length === 0 && !powers) return request;
    const approved = review.added.length === 0 ? [] : await approve(review);
    const kept = (installed?.grants ?? []).filter(({ capability }) =>
      review.questions.some((question) => question.capability === capability),
    );
    return { ...request, grants: merged([...kept, ...approved], review) };
  }
}

/** One grant per capability, with the scopes of all, as far as the working copy still asks for them. */
function merged(
  grants: readonly ApprovedPermission[],
  { questions }: PackageReview,
): readonly ApprovedPermission[] {
  return questions.flatMap(({ capability, scope: wanted }) => {
    const of = grants.filter((grant) => grant.capability === capability);
    if (of.length === 0) return [];
    const scope = [...new Set(of.flatMap((grant) => grant.scope))];
    const still = scope.filter((one) => wanted.includes('*') || wanted.includes(one));
    return [{ capability, scope: scope.includes('*') ? wanted : still }];
  });
}
