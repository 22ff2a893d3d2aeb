import type { CapabilityName, Permission } from '../../runtime/protocol/extension-manifest.ts';
import type { Grant } from '../../runtime/protocol/extensions.protocol.ts';
import { type EffectivePermissions, effectivePermissions } from './effective-permissions.ts';

/** Longest delay a timer takes. */
const longestTimerMs = 2 ** 31 - 1;

export interface GrantBookOptions {
  readonly requested: readonly Permission[];
  readonly granted: readonly Grant[];
  /** Called after each change, by `regrant` or by time. */
  readonly changed: () => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The grants of one extension as they are at this moment. */
export interface GrantBook {
  /** Effective scopes; empty for none. Looks at the clock, so a late timer lets nothing through. */
  scopes(capability: CapabilityName): readonly string[];
  regrant(granted: readonly Grant[]): void;
  /** Ends the timer; from now on nothing is granted. */
  close(): void;
}

/** Requested ∩ granted, without what has expired. An end that cannot be read counts as past. */
export function grantBook({ requested, granted, changed, now }: GrantBookOptions): GrantBook {
  let live: readonly { readonly grant: Grant; readonly end: number }[] = [];
  let effective: EffectivePermissions = new Map();
  let nextEnd = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function settle(): void {
    const at = now();
    // What has expired is gone for good: a clock that is set back does not bring it back.
    live = live.filter(({ end }) => end > at);
    effective = effectivePermissions(
      requested,
      live.map(({ grant }) => grant),
    );
    nextEnd = live.reduce((first, { end }) => Math.min(first, end), Number.POSITIVE_INFINITY);
    clearTimeout(timer);
    timer = undefined;
    if (nextEnd !== Number.POSITIVE_INFINITY) {
      timer = setTimeout(refresh, Math.min(Math.max(1, nextEnd - at), longestTimerMs));
      timer.unref();
    }
  }

  /** The timer may also fire early, for an end further away than a timer reaches. */
  function refresh(): void {
    const before = live.length;
    settle();
    if (live.length !== before) changed();
  }

  function take(next: readonly Grant[]): void {
    live = next.map((grant) => ({ grant, end: endOf(grant) }));
    settle();
  }

  take(granted);
  return {
    scopes(capability) {
      if (now() >= nextEnd) refresh();
      return effective.get(capability) ?? [];
    },
    regrant(next) {
      take(next);
      changed();
    },
    close() {
      take([]);
    },
  };
}

function endOf({ expiresAt }: Grant): number {
  if (expiresAt === undefined) return Number.POSITIVE_INFINITY;
  const end = Date.parse(expiresAt);
  return Number.isNaN(end) ? Number.NEGATIVE_INFINITY : end;
}
