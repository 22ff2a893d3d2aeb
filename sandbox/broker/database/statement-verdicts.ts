import { LRUCache } from 'lru-cache';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { StatementFacts, StatementVerdict } from '../../../runtime/protocol/sentinel.protocol.ts';
import type { CapabilityCall } from '../capability.ts';

export interface StatementVerdictsOptions {
  /** Asks MagSentinel; what it throws means that nobody judged. */
  readonly judge: (facts: StatementFacts, timeoutMs: number) => Promise<StatementVerdict>;
  /** What is done with statements that nobody judged. */
  readonly whenUnjudged: () => 'open' | 'closed';
  /** Hears why nobody judged, and how often since it was told last; at most every ten seconds. */
  readonly unjudged: (error: unknown, times: number) => void;
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number;
}

type Call = Pick<CapabilityCall, 'extension' | 'project' | 'requestId' | 'deadline'>;

/** Per project; an extension has a few texts, and one that composes them has no use of more. */
const mostTexts = 1_000;
const mostCharacters = 2_000_000;
const mostProjects = 200;
/** After this a text is judged again, perhaps by another model. */
const keptMs = 300_000;
/** Longer than MagSentinel waits for its models, so that its policy decides. */
const patienceMs = 5_000;
const tellEveryMs = 10_000;

/**
 * Has statements of one extension judged by MagSentinel before they run. What passed is remembered by its text, so
 * that a prepared statement costs one look-up.
 */
export class StatementVerdicts {
  readonly #options: StatementVerdictsOptions;
  readonly #now: () => number;
  #untold = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  readonly #passed = new LRUCache<string, LRUCache<string, number>>({ max: mostProjects });

  constructor(options: StatementVerdictsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Passes at once, without a promise, when the text passed before.
   * @throws MF301 with the id of the incident, MF304 when nobody could judge it and that is to be refused
   */
  demand(call: Call, text: string): Promise<void> | undefined {
    const until = this.#passed.get(call.project)?.get(text);
    if (until !== undefined && until > this.#now()) return undefined;
    return this.#ask(call, text);
  }

  async #ask({ extension, project, requestId, deadline }: Call, text: string): Promise<void> {
    const route = `extension:${extension}`;
    let verdict: StatementVerdict;
    try {
      verdict = await this.#options.judge(
        { project, route, text, address: route, requestId: requestId ?? '' },
        Math.max(1, Math.min(patienceMs, deadline - this.#now())),
      );
    } catch (error) {
      this.#tell(error);
      if (this.#options.whenUnjudged() === 'open') return;
      throw notJudged(extension);
    }
    if (verdict.action !== 'block' && verdict.action !== 'escalate') {
      this.#remember(project, text);
      return;
    }
    if (verdict.incident === undefined) throw notJudged(extension);
    throw new MagFlockError('MF301', `A statement of the extension ${extension} looks like an attack.`, {
      fix: 'Give values as parameters ($1, $2); never put them into the text of a statement.',
      details: { incident: verdict.incident, extension },
    });
  }

  #tell(error: unknown): void {
    this.#untold += 1;
    const at = this.#now();
    if (at - this.#toldAt < tellEveryMs) return;
    this.#options.unjudged(error, this.#untold);
    this.#toldAt = at;
    this.#untold = 0;
  }

  #remember(project: string, text: string): void {
    let texts = this.#passed.get(project);
    if (texts === undefined) {
      texts = new LRUCache<string, number>({
        max: mostTexts,
        maxSize: mostCharacters,
        sizeCalculation: (_until, key) => key.length + 1,
      });
      this.#passed.set(project, texts);
    }
    texts.set(text, this.#now() + keptMs);
  }
}

function notJudged(extension: string): MagFlockError {
  return new MagFlockError('MF304', `A statement of the extension ${extension} could not be judged.`, {
    details: { extension },
  });
}
