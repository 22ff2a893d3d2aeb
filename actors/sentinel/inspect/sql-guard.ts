import type { Surface } from '../../../runtime/protocol/sentinel.protocol.ts';
import { normalise } from '../normalise/normalise.ts';
import { UnitBuffer } from '../normalise/unit-buffer.ts';
import { otherViews } from '../normalise/views.ts';
import { type Match, type ScoreOf, SignatureSet } from '../signatures/signature-set.ts';
import { signatures } from '../signatures/signatures.ts';
import { isHarmless } from './is-harmless.ts';
import { thresholds } from './thresholds.ts';
import { VerdictCache } from './verdict-cache.ts';

/** Layers of encoding that are taken off: one for the transport where it encodes, two for the attacker. */
const parameterRounds = 3;
const bodyRounds = 2;

const clean: Match = { score: 0, signature: undefined };

/** SQLGuard's signature path for single values. Holds scratch memory and a cache: one per thread. */
export class SqlGuard {
  readonly set = new SignatureSet(signatures);
  private readonly buffer = new UnitBuffer();
  private readonly cache = new VerdictCache<Match>();

  /**
   * Judges one value.
   * @param text a parameter, segment or header still percent-encoded, or a decoded string of a body
   */
  inspect(text: string, surface: Surface): Match {
    if (isHarmless(text)) return clean;
    if (surface === 'body') return this.judge(text, 'body', thresholds.body.block, bodyRounds);
    const known = this.cache.get(text);
    if (known !== undefined) return known;
    // One way to judge for all that share the cache: a header must not vouch for a parameter.
    const match = this.judge(text, 'score', thresholds[surface].block, parameterRounds);
    this.cache.set(text, match);
    return match;
  }

  private judge(text: string, scoreOf: ScoreOf, enough: number, rounds: number): Match {
    const { buffer } = this;
    buffer.load(text);
    normalise(buffer, rounds);
    let worst = this.set.match(buffer, scoreOf, enough);
    if (worst.score >= enough) return worst;
    for (const view of otherViews(buffer)) {
      buffer.load(view);
      const match = this.set.match(buffer, scoreOf, enough);
      if (match.score > worst.score) worst = match;
      if (worst.score >= enough) break;
    }
    return worst;
  }
}
