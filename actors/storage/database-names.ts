import type { DatabaseName } from '../../runtime/protocol/storage.protocol.ts';
import { projectRef } from './project-ref.ts';

export const controlDatabase = 'magui_app';
export const securityDatabase = 'magsentinel_events';
export const templateDatabase = 'magflock_template';

/** PostgreSQL's name of a project's database. @throws MF508 */
export function projectDatabase(ref: string): string {
  return `project_${projectRef(ref)}`;
}

/** PostgreSQL's name for the name parts use. @throws MF508 */
export function databaseOf(name: DatabaseName): string {
  if (name === 'control') return controlDatabase;
  if (name === 'security') return securityDatabase;
  return projectDatabase(name.slice('project:'.length));
}
