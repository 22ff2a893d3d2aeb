import type { ModelShelf } from '../../protocol/sentinel.protocol.ts';
import type { Output } from '../output.ts';

/** The versions of an agent's models: for programs as they are, for people a line each. */
export function showShelf(shelf: ModelShelf, output: Output): void {
  if (output.json) {
    output.document(shelf);
    return;
  }
  const rows = [
    ['active', shelf.active],
    ['previous', shelf.previous],
    ['shadow', shelf.shadow],
    ...shelf.candidates.map((candidate) => ['candidate', candidate] as const),
  ] as const;
  for (const [role, version] of rows) {
    if (version !== null) output.data(`${role.padEnd(10)} ${version.version}`);
  }
}
