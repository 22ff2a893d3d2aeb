import type { Incident, Threat } from '../../../runtime/protocol/sentinel.protocol.ts';

/** The most recent incidents with what people said of them, newest last; older ones are in the control database. */
export class IncidentRing {
  private readonly items: Threat[] = [];
  private readonly byId = new Map<string, number>();
  private readonly size: number;
  private next = 0;

  constructor(size = 256) {
    this.size = size;
  }

  push(incident: Incident, feedback: Threat['feedback'] = null): void {
    const gone = this.items[this.next];
    if (gone !== undefined) this.byId.delete(gone.id);
    this.items[this.next] = { ...incident, feedback };
    this.byId.set(incident.id, this.next);
    this.next = (this.next + 1) % this.size;
  }

  find(id: string): Threat | undefined {
    return this.items[this.byId.get(id) ?? -1];
  }

  /** Somebody has said something of an incident; nothing happens when it is not here any more. */
  say(id: string, feedback: Threat['feedback']): void {
    const at = this.byId.get(id);
    if (at !== undefined) this.items[at] = { ...this.items[at]!, feedback };
  }

  /** Oldest first. */
  list(): readonly Threat[] {
    if (this.items.length < this.size) return this.items.slice();
    return [...this.items.slice(this.next), ...this.items.slice(0, this.next)];
  }

  /** A project was removed. */
  forgetProject(project: string): void {
    const kept = this.list().filter((threat) => threat.project !== project);
    this.items.length = 0;
    this.byId.clear();
    this.next = 0;
    for (const threat of kept) this.push(threat, threat.feedback);
  }
}
