import { preferencesInvalid } from '../errors/preferences-invalid.ts';
import type { Preferences } from '../preferences.ts';

/** @throws PGRST122 when handling is strict and there are preferences that nobody knows */
export function checkPreferences({ handling, invalid }: Preferences): void {
  if (handling === 'strict' && invalid.length > 0) throw preferencesInvalid(invalid);
}
