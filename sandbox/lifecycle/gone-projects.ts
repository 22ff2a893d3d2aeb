import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ExtensionStorage } from './lifecycle-options.ts';

/** Which projects there are not, or not any more. */
export interface GoneProjects {
  /** @throws MF508 for one that there is not: it could be made later, and would find an extension in it */
  demand(projects: readonly string[]): Promise<void>;
  /** It was removed, whatever is under way. */
  note(project: string): void;
  /** Those of the projects that were removed since they were demanded. */
  among(projects: readonly string[]): readonly string[];
}

/** Keeps an eye on projects that go while an installation or update is under way. */
export function goneProjects(storage: ExtensionStorage): GoneProjects {
  const gone = new Set<string>();
  return {
    async demand(projects) {
      const there = new Set(await storage.projects());
      for (const project of projects) {
        if (!there.has(project)) throw new MagFlockError('MF508', `There is no project "${project}".`);
        gone.delete(project);
      }
    },
    note(project) {
      gone.add(project);
    },
    among: (projects) => projects.filter((project) => gone.has(project)),
  };
}
