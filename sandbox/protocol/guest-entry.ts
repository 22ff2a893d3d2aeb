/** What of a guest can be called, and its number on the wire. */
export const guestEntry = {
  /** Payload null; answers null. */
  install: 1,
  start: 2,
  stop: 3,
  uninstall: 4,
  /** `GuestRequest` → `GuestResponse`. */
  request: 5,
  /** `{name, payload}` → null. */
  event: 6,
  /** `{name, at}` → null. */
  schedule: 7,
  /** `HookFacts` → `BeforeHookResult`. */
  before: 8,
  /** `HookFacts` and `answer` → `AfterHookResult`. */
  after: 9,
  /** null → `{status, summary}`. */
  health: 10,
  /** null → what its next version takes over, any JSON; null without `onHandover`. */
  handover: 11,
  /** `{fromVersion, state}` → null. */
  adopt: 12,
} as const;

export type GuestEntry = keyof typeof guestEntry;
