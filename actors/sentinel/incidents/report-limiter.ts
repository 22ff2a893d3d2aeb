import type { Incident } from '../../../runtime/protocol/sentinel.protocol.ts';
import { blockRange } from '../blocks/block-range.ts';

/** Incidents that are limited together. */
interface Lane {
  left: number;
  suppressed: number;
  last: Incident | undefined;
  /** Reports of this second by caller; no more callers than reports. */
  readonly byCaller: Map<string, number>;
}

/**
 * Keeps a flood of attacks from becoming a flood of reports: so many per second go to the owner in full, the rest is
 * counted, and the next full report carries the count. What can lead to a block has as many for itself, and no caller
 * has more than a share: or a flood that counts for nothing, or that of somebody else, would hide an attacker.
 */
export class ReportLimiter {
  private readonly perSecond: number;
  private readonly perCaller: number;
  private readonly send: (incident: Incident) => void;
  private readonly counting: Lane;
  private readonly others: Lane;

  /**
   * @param perSecond full reports a second, of each of both kinds
   * @param perCaller of these, for one address and key
   */
  constructor(perSecond: number, send: (incident: Incident) => void, perCaller = perSecond) {
    this.perSecond = perSecond;
    this.perCaller = perCaller;
    this.send = send;
    this.counting = emptyLane(perSecond);
    this.others = emptyLane(perSecond);
  }

  /** Reports now, or counts. */
  report(incident: Incident): void {
    const lane = mayBlock(incident) ? this.counting : this.others;
    const caller = `${incident.project} ${blockRange(incident.address)} ${incident.keyId ?? ''}`;
    const ofCaller = lane.byCaller.get(caller) ?? 0;
    if (lane.left <= 0 || ofCaller >= this.perCaller) {
      lane.suppressed += 1;
      lane.last = incident;
      return;
    }
    lane.byCaller.set(caller, ofCaller + 1);
    lane.left -= 1;
    this.send(withCount(lane, incident));
  }

  /** A second has passed. What was held back since goes out as one report of each kind. */
  tick(): void {
    for (const lane of [this.counting, this.others]) {
      lane.left = this.perSecond;
      lane.byCaller.clear();
      const { last } = lane;
      if (last === undefined) continue;
      lane.suppressed -= 1;
      lane.left -= 1;
      this.send(withCount(lane, last));
    }
  }
}

function emptyLane(left: number): Lane {
  return { left, suppressed: 0, last: undefined, byCaller: new Map() };
}

function mayBlock({ counts, action }: Incident): boolean {
  return counts && (action === 'block' || action === 'escalate');
}

function withCount(lane: Lane, incident: Incident): Incident {
  const { suppressed } = lane;
  lane.suppressed = 0;
  lane.last = undefined;
  return suppressed > 0 ? { ...incident, suppressed } : incident;
}
