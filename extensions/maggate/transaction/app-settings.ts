import type { DataApiSettings } from '../../sdk/index.ts';
import type { TransactionSetting } from './transaction-setting.ts';

/** `app.settings.*`: what the project wants its own code to know. */
export function appSettings({
  appSettings: own,
}: Pick<DataApiSettings, 'appSettings'>): readonly TransactionSetting[] {
  return Object.entries(own).map(([name, value]) => [`app.settings.${name}`, value] as const);
}
