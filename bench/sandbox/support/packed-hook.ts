import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from '../../../sandbox/package/pack.ts';

/**
 * Packs an extension with one before-hook that looks at a request and lets it go on.
 * @returns the file, readable by the daemon, and how to take it away
 */
export async function packedHook(
  name: string,
  operations: readonly string[],
): Promise<{ readonly file: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-hook-'));
  const manifest = {
    id: `bench.${name}`,
    name,
    version: '1.0.0',
    description: 'Looks at requests.',
    extensionApi: 1,
    engine: '>=0.1.0',
    requiredComponents: [],
    permissions: [],
    hooks: [{ when: 'before', tables: ['*'], operations, timeoutMs: 1000, onFailure: 'refuse' }],
    limits: { callsPerSecond: 1_000_000, cpuMsPerMinute: 60_000 },
  };
  writeFileSync(join(folder, 'magflock.extension.json'), JSON.stringify(manifest));
  writeFileSync(
    join(folder, 'index.ts'),
    `export default { onBefore(facts) { return facts.query === 'never' ? { filter: 'id=gt.0' } : null; } };`,
  );
  const { bytes } = await pack(folder);
  const file = join(folder, `${name}.magx`);
  writeFileSync(file, bytes);
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
