import type { Incident } from '../../../runtime/protocol/sentinel.protocol.ts';

/**
 * Keeps a flood of attacks from becoming a flood of reports: so many per second go to the owner in full, the rest is
 * counted, and the next full report carries the count.
 */
export class ReportLimiter {
  private readonly perSecond: number;
  private readonly send: (incident: Incident) => void;
  private left: number;
  private suppressed = 0;
  private last: Incident | undefined;

  constructor(perSecond: number, send: (incident: Incident) => void) {
    this.perSecond = perSecond;
    this.left = perSecond;
    this.send = send;
  }

  /** Reports now, or counts. */
  report(incident: Incident): void {
    if (this.left <= 0) {
      this.suppressed += 1;
      this.last = incident;
      return;
    }
    this.left -= 1;
    this.send(this.withCount(incident));
  }

  /** A second has passed. What was held back since goes out as one report. */
  tick(): void {
    this.left = this.perSecond;
    if (this.last === undefined) return;
    const last = this.last;
    this.suppressed -= 1;
    this.left -= 1;
    this.send(this.withCount(last));
  }

  private withCount(incident: Incident): Incident {
    const suppressed = this.suppressed;
    this.suppressed = 0;
    this.last = undefined;
    return suppressed > 0 ? { ...incident, suppressed } : incident;
  }
}
