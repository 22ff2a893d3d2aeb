import { randomUUID } from 'node:crypto';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { cleanLine } from './clean-line.ts';

const auditTimeoutMs = 5_000;
/** The same thing of the same extension is written once in this time; what came between is counted. */
const quietMs = 60_000;
const mostKeys = 10_000;
/** Chains one entry goes to at most. */
const mostProjects = 8;

export interface SecurityFact {
  readonly id: string;
  readonly version: string;
  /** `extension.ended`, `extension.quarantined`, `extension.denied`, `extension.limit`. */
  readonly action: string;
  /** Where it happened; without one it concerns all projects of the extension. */
  readonly project: string | null;
  readonly projects: readonly string[];
  readonly reason: string;
  /** Tells apart what is to be written apart, for example the capability. */
  readonly about?: string;
}

/** What the operator is to see of misbehaviour: entries of the audit trail, and threats for the mesh. */
export class SecurityJournal {
  readonly #context: Pick<ActorContext, 'part' | 'events' | 'log'>;
  readonly #now: () => number;
  readonly #seen = new Map<string, { at: number; suppressed: number }>();

  constructor(context: Pick<ActorContext, 'part' | 'events' | 'log'>, now: () => number) {
    this.#context = context;
    this.#now = now;
  }

  /** Writes it into the audit trail of the projects concerned. Never throws: it must not hold up what it reports. */
  write(fact: SecurityFact): void {
    const suppressed = this.#admit(`${fact.id} ${fact.action} ${fact.about ?? ''}`);
    if (suppressed === undefined) return;
    const projects = fact.project === null ? fact.projects.slice(0, mostProjects) : [fact.project];
    const { id, version, action, about } = fact;
    const details = {
      reason: cleanLine(fact.reason).slice(0, 500),
      version,
      ...(about === undefined ? {} : { about: cleanLine(about).slice(0, 200) }),
      ...(suppressed === 0 ? {} : { suppressed }),
    };
    this.#context.log.warn({ extension: id, action, ...details }, 'security');
    for (const project of projects.length === 0 ? ['system'] : projects) {
      this.#context
        .part('audit')
        .ask(
          'append',
          { kind: 'threat', project, action, actor: 'sandbox', target: id, details },
          { timeoutMs: auditTimeoutMs },
        )
        .catch((error: unknown) => {
          this.#context.log.error({ err: error, extension: id, action }, 'not in the audit trail');
        });
    }
  }

  /** An extension did what no honest one does. */
  threat(id: string, project: string | null, signature: string): void {
    this.#context.events.emit('threat.detected', {
      incident: randomUUID(),
      project: project ?? 'system',
      agent: 'sandbox',
      signature,
      score: 1,
      action: 'block',
      address: '',
      surface: `extension ${id}`,
    });
  }

  /** @returns how many were left out since the last one, or undefined when this is left out too */
  #admit(key: string): number | undefined {
    const now = this.#now();
    const seen = this.#seen.get(key);
    if (seen !== undefined && Math.abs(now - seen.at) < quietMs) {
      seen.suppressed += 1;
      return undefined;
    }
    if (this.#seen.size >= mostKeys) this.#seen.clear();
    this.#seen.set(key, { at: now, suppressed: 0 });
    return seen?.suppressed ?? 0;
  }
}
