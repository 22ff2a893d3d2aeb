import type { GuestEntry } from '../protocol/guest-entry.ts';

/** Name of the handler of each entry, as a guest exports it. */
export const guestHandlers: Readonly<Record<GuestEntry, string>> = {
  install: 'onInstall',
  start: 'onStart',
  stop: 'onStop',
  uninstall: 'onUninstall',
  request: 'onRequest',
  event: 'onEvent',
  schedule: 'onSchedule',
  before: 'onBefore',
  after: 'onAfter',
  health: 'onHealth',
  handover: 'onHandover',
  adopt: 'onAdopt',
};
