import type { Incident } from '../../../runtime/protocol/sentinel.protocol.ts';

/** The most recent incidents, newest last; older ones are in the audit trail. */
export class IncidentRing {
  private readonly items: Incident[] = [];
  private readonly size: number;
  private next = 0;

  constructor(size = 256) {
    this.size = size;
  }

  push(incident: Incident): void {
    this.items[this.next] = incident;
    this.next = (this.next + 1) % this.size;
  }

  /** Oldest first. */
  list(): readonly Incident[] {
    if (this.items.length < this.size) return this.items.slice();
    return [...this.items.slice(this.next), ...this.items.slice(0, this.next)];
  }
}
