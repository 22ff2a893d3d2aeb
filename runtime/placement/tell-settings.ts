import type { SettingName, Settings } from '../../config/settings.ts';
import type { ActorCell } from '../actor/actor-cell.ts';

/** Lets these actors and their children hear of changed settings, each between two of its messages. */
export function tellSettings(
  cells: Iterable<ActorCell>,
  settings: Settings,
  changed: readonly SettingName[],
): void {
  for (const cell of cells) {
    if (cell.definition?.onSettings !== undefined) {
      cell.enqueueTimer(() => cell.definition?.onSettings?.(cell.state, settings, changed));
    }
    const children = cell.hasExtras?.children;
    if (children !== undefined) tellSettings(children.values(), settings, changed);
  }
}
