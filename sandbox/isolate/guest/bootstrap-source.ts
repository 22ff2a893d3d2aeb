import { boundIntl } from './bound-intl.guest.ts';
import { guestClock } from './guest-clock.guest.ts';
import { guestConsole } from './guest-console.guest.ts';
import { guestContext } from './guest-context.guest.ts';
import { guestDispatcher } from './guest-dispatcher.guest.ts';
import { guestLog } from './guest-log.guest.ts';
import { harden } from './harden.guest.ts';
import { takeAway } from './take-away.guest.ts';

/**
 * Source of the body of a function that prepares an isolate, before any code of a guest: `$0` is the JSON of
 * `GuestSettings`, `$1` the memory of its `Outlet`; it returns a `GuestDispatcher`. Made from the functions' own text, which is plain JavaScript in
 * sources and in the published package alike.
 */
export const bootstrapSource = `'use strict';
const settings = JSON.parse($0);
const collect = globalThis.gc;
(${takeAway})(settings);
const clock = (${guestClock})(settings);
(${boundIntl})(256);
return (${guestDispatcher})(settings, clock, {
  log: (emit) => (${guestLog})(settings, emit, clock.real),
  console: ${guestConsole},
  context: (syscall, write) => (${guestContext})(settings, syscall, clock, write),
  harden: ${harden},
  collect,
}, $1);`;
