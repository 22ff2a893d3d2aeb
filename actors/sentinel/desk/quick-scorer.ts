import type { ModelVersion } from '../../../runtime/protocol/patrol.protocol.ts';
import type { Logger } from '../../../runtime/telemetry/logger.ts';
import { forwardPass, type Network } from '../learning/network.ts';
import { extractorOf } from '../patrol/extractor-of.ts';
import { LoadedVersion } from '../patrol/loaded-version.ts';

/** Texts that models are asked about, of several kinds and lengths. */
const samples = [
  'What is the name (first and last) of the player with 5 goals = most?',
  'O\'Brien & Sons; 12 %20 "the best" since 1890 -- or so they say',
  'feat(parser): support select ... from x where y > 1 #2041',
  "const label = items.map((item) => item.name).join(', ');",
  "1' and 1=1 union select name from users where id = 5 /* x */",
];
/** Rounds over the samples until the engine has made fast code of what they need. */
const warmUpRounds = 60;
/** Longer texts have several windows. */
const longestText = 384;

/**
 * The active model of values in this thread: 30 to 50 µs for a short text, where a message to a worker and back costs
 * both threads and the main one ten times as much. It only clears; whatever it does not find harmless goes to the
 * workers. The same network and the same features as there.
 */
export class QuickScorer {
  private readonly log: Pick<Logger, 'warn'>;
  private wanted: ModelVersion | null = null;
  private network: Network | undefined;

  constructor(log: Pick<Logger, 'warn'>) {
    this.log = log;
  }

  /**
   * Loads a version beside the work; until then, and when it does not load, the workers judge everything.
   * @param version null: nothing is scored here
   * @returns resolves when it is loaded or has failed; never rejects
   */
  async use(version: ModelVersion | null): Promise<void> {
    if (version?.version === this.wanted?.version) return;
    this.wanted = version;
    this.network = undefined;
    if (version === null) return;
    try {
      const loaded = await LoadedVersion.load(version, ['values'], true);
      const { network } = loaded.model('values');
      // A turn of the event loop for each round: requests go on meanwhile.
      for (let round = 0; round < warmUpRounds; round += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        if (this.wanted !== version) return;
        for (const sample of samples) worstWindow(network, sample);
      }
      this.network = network;
    } catch (error) {
      this.log.warn({ err: error }, 'the model does not load in this thread: workers judge every value');
    }
  }

  /** @returns nothing for what is not for this thread */
  score(text: string): number | undefined {
    const { network } = this;
    if (network === undefined || text.length > longestText) return undefined;
    return worstWindow(network, text);
  }
}

function worstWindow(network: Network, text: string): number {
  let worst = 0;
  for (const window of extractorOf('values').extract(text)) {
    worst = Math.max(worst, 1 / (1 + Math.exp(-forwardPass(network, window))));
  }
  return worst;
}
