import type { SettingsChange } from '../protocol/motherboard.protocol.ts';
import type { Output } from './output.ts';

/** Says what became of changed settings. */
export function showSettingsChange(change: SettingsChange, output: Output): void {
  if (output.json) {
    output.document(change);
    return;
  }
  const { applied, restart, overruledBy } = change;
  for (const { name, from, to } of applied) output.talk(`${name}: ${from} → ${to}, in force now`);
  for (const name of restart) output.talk(`${name} changes with the next start`);
  if (overruledBy !== undefined) output.talk(`the file has it now, but ${overruledBy} has the last word`);
  else if (applied.length === 0 && restart.length === 0) output.talk('nothing has changed');
}
