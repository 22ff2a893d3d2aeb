import { setTimeout as pause } from 'node:timers/promises';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ControlState } from './control-state.ts';

const patience = 10_000;
const betweenLooks = 20;

/**
 * Resolves when every CPU thread plans with the version that the project's schema has now.
 * @throws MF503 when that takes longer than 10 s; the change holds all the same
 */
export async function awaitSchema({ context }: ControlState, project: string): Promise<void> {
  const { rows } = await context.part('storage').ask('query', {
    database: `project:${project}`,
    text: 'select count(*)::float8 as version from mg_sys.schema_changes',
  });
  const wanted = Number(rows[0]?.['version']);
  const until = Date.now() + patience;
  // The news of the change goes another way than this question and may come later.
  for (;;) {
    const { version } = await context.part('maggate').ask('activate', { project }, { timeoutMs: patience });
    if (version >= wanted) return;
    if (Date.now() > until) {
      throw new MagFlockError(
        'MF503',
        `The change is stored, but the API of project ${project} does not have it yet.`,
        {
          fix: 'It comes by itself; magflock status shows what is the matter.',
        },
      );
    }
    await pause(betweenLooks);
  }
}
