import type { ActorContext } from '../../../runtime/actor/actor-context.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type {
  FeedbackEntry,
  FeedbackVerdict,
  Incident,
  Threat,
} from '../../../runtime/protocol/sentinel.protocol.ts';
import { Counter } from '../../../runtime/telemetry/counter.ts';
import { Gauge } from '../../../runtime/telemetry/gauge.ts';
import { IncidentRing } from '../incidents/incident-ring.ts';
import { IncidentBuffer } from './incident-buffer.ts';
import { IncidentStore } from './incident-store.ts';

/** What goes over in a hot swap. */
export interface KeptThreats {
  readonly recent: readonly Threat[];
  readonly waiting: readonly Incident[];
  readonly lost: number;
}

export interface ThreatsRequest {
  readonly project?: string;
  readonly limit?: number;
}

const retention = { most: 100_000, days: 30 };
/** Trimmed after so many more, or after an hour. */
const trimAfter = 5_000;
const trimEveryMs = 3_600_000;
const defaultLimit = 100;
const mostListed = 10_000;
const mostFeedback = 100_000;
const longestNote = 1_000;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Incidents and what people say of them: the newest in memory, at once; all of them in the control database. */
export class ThreatDesk {
  readonly #context: ActorContext;
  readonly #ring = new IncidentRing();
  readonly #store: IncidentStore;
  readonly #buffer: IncidentBuffer;
  readonly #lostTotal: Counter;
  #lost = 0;
  #sinceTrim = trimAfter;
  #trimmedAt = 0;

  constructor(context: ActorContext) {
    this.#context = context;
    this.#store = new IncidentStore(context.part('storage'));
    this.#lostTotal = new Counter({
      name: 'magflock_sentinel_unkept_incidents_total',
      help: 'Incidents that could not be written to the control database.',
      registers: [context.metrics],
    });
    const waiting: Gauge = new Gauge({
      name: 'magflock_sentinel_waiting_incidents',
      help: 'Incidents that are not in the control database yet.',
      registers: [context.metrics],
      collect: () => waiting.set(this.waiting),
    });
    this.#buffer = new IncidentBuffer({
      insert: (incidents) => this.#store.insert(incidents),
      lost: (incidents, error) => {
        this.#lost += incidents;
        this.#lostTotal.inc(incidents);
        context.log.error({ err: error, incidents }, 'incidents not kept');
      },
      delayed: (incidents, error) =>
        context.log.warn({ err: error, incidents }, 'incidents wait for the control database'),
    });
  }

  /** Incidents that are not in the database and never will be. */
  get lost(): number {
    return this.#lost;
  }

  get waiting(): number {
    return this.#buffer.waiting.length;
  }

  /** Whether the database did not take them when last asked. */
  get stuck(): boolean {
    return this.#buffer.stuck;
  }

  get recent(): readonly Threat[] {
    return this.#ring.list();
  }

  adopt({ recent, waiting, lost }: KeptThreats): void {
    for (const threat of recent) this.#ring.push(threat, threat.feedback);
    for (const incident of waiting) this.#buffer.add(incident);
    this.#lost = lost;
  }

  async export(): Promise<KeptThreats> {
    await this.#buffer.flush();
    return { recent: this.#ring.list(), waiting: this.#buffer.waiting, lost: this.#lost };
  }

  add(incident: Incident): void {
    this.#ring.push(incident);
    this.#buffer.add(incident);
    this.#sinceTrim += 1;
  }

  /** Ten times a second: what waits goes into the database; now and then the oldest go. */
  async tick(now: number): Promise<void> {
    await this.#buffer.flush(now);
    if (this.#sinceTrim < trimAfter && now - this.#trimmedAt < trimEveryMs) return;
    this.#sinceTrim = 0;
    this.#trimmedAt = now;
    try {
      await this.#store.trim(retention);
    } catch (error) {
      this.#context.log.warn({ err: error }, 'old incidents could not be trimmed');
    }
  }

  /** The rest, before the end. */
  flush(): Promise<void> {
    return this.#buffer.flush();
  }

  /** Newest first; from memory alone when the database does not answer. */
  async list({ project, limit = defaultLimit }: ThreatsRequest): Promise<readonly Threat[]> {
    const most = Math.min(Math.max(1, Math.floor(limit)), mostListed);
    const recent = this.#ring.list().filter((threat) => project === undefined || threat.project === project);
    const found = new Map(recent.map((threat) => [threat.id, threat]));
    if (recent.length < most) {
      try {
        for (const threat of await this.#store.list(project, most)) {
          if (!found.has(threat.id)) found.set(threat.id, threat);
        }
      } catch (error) {
        this.#context.log.warn(
          { err: error },
          'only the newest incidents: the control database does not answer',
        );
      }
    }
    return [...found.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, most);
  }

  /** @throws MF310 */
  async find(id: string): Promise<Threat> {
    const key = id.toLowerCase();
    const found = this.#ring.find(key) ?? (uuid.test(key) ? await this.#store.find(key) : undefined);
    if (found !== undefined) return found;
    throw new MagFlockError('MF310', `There is no incident ${JSON.stringify(id)}.`, {
      fix: 'List them with: magflock threats. Of a flood, those beyond 5 a second of one caller, or 20 of all, are only counted with the next one.',
    });
  }

  /** @throws MF310, MF503 when it cannot be kept */
  async say(id: string, verdict: FeedbackVerdict, note: string | undefined, now: number): Promise<Threat> {
    const threat = await this.find(id);
    const text = note?.toWellFormed().replaceAll('\0', '·').trim() ?? '';
    if (text.length > longestNote) {
      throw new MagFlockError(
        'MF100',
        `note: at most ${longestNote} characters, this one has ${text.length}`,
      );
    }
    const feedback = { verdict, at: new Date(now).toISOString(), note: text === '' ? null : text };
    await this.#store.say(threat, feedback);
    this.#ring.say(threat.id, feedback);
    this.#context.events.emit('threat.feedback', { incident: threat.id, project: threat.project, verdict });
    return { ...threat, feedback };
  }

  entries(): Promise<readonly FeedbackEntry[]> {
    return this.#store.entries(mostFeedback);
  }

  /** Its incidents go with a project. @throws MF503 */
  async forgetProject(project: string): Promise<void> {
    this.#ring.forgetProject(project);
    await this.#buffer.flush();
    await this.#store.removeProject(project);
  }
}
