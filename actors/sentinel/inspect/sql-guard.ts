import type { Surface } from '../../../runtime/protocol/sentinel.protocol.ts';
import { normalise } from '../normalise/normalise.ts';
import { UnitBuffer } from '../normalise/unit-buffer.ts';
import { hasOtherViews, otherViews } from '../normalise/views.ts';
import { type Match, SignatureSet } from '../signatures/signature-set.ts';
import { signatures } from '../signatures/signatures.ts';
import { isHarmless } from './is-harmless.ts';
import { thresholds } from './thresholds.ts';
import { VerdictCache } from './verdict-cache.ts';

/** Layers of encoding that are taken off: one for the transport where it encodes, two for the attacker. */
const rounds = 3;

const clean: Match = { score: 0, signature: undefined };

/** Of a value longer than this only both ends are read in other ways than as it stands. */
const longestView = 16_384;
/** Strings of a body are read up to here first; most need not be read further. */
const bodyHead = 65_536;

/** SQLGuard's signature path for single values. Holds scratch memory and a cache: one per thread, not reentrant. */
export class SqlGuard {
  readonly parameters = new SignatureSet(signatures, 'score');
  readonly bodies = new SignatureSet(signatures, 'body');
  private readonly buffer = new UnitBuffer();
  private readonly cache = new VerdictCache<Match>();

  /**
   * Judges one value.
   * @param text a parameter or segment without the encoding of its URL, a header, or a decoded string of a body
   */
  inspect(text: string, surface: Surface): Match {
    if (isHarmless(text)) return clean;
    if (surface === 'body') return this.inspectBody(text);
    const known = this.cache.get(text);
    if (known !== undefined) return known;
    // One way to judge for all that share the cache: a header must not vouch for a parameter.
    const match = this.judge(this.parameters, text, thresholds[surface].block);
    this.cache.set(text, match);
    return match;
  }

  /** All signatures for bodies look at the beginning of a string, so a long text costs no more than a short one. */
  private inspectBody(text: string): Match {
    const enough = thresholds.body.block;
    if (text.length > bodyHead && this.bodies.anchored) {
      this.buffer.load(text.slice(0, bodyHead));
      normalise(this.buffer, rounds);
      const match = this.bodies.match(this.buffer, enough, false);
      // Read to the end of the head: it was all padding.
      if (!this.bodies.readToEnd) return match;
    }
    return this.judge(this.bodies, text, enough);
  }

  private judge(set: SignatureSet, text: string, enough: number): Match {
    const { buffer } = this;
    buffer.load(text);
    normalise(buffer, rounds);
    let worst = set.match(buffer, enough);
    if (worst.score >= enough || !hasOtherViews(buffer)) return worst;
    for (const part of ends(buffer)) {
      for (const view of otherViews(part)) {
        buffer.load(view);
        const match = set.match(buffer, enough);
        if (match.score > worst.score) worst = match;
        if (worst.score >= enough) return worst;
      }
    }
    return worst;
  }
}

function ends(value: UnitBuffer): readonly string[] {
  const { length } = value;
  if (length <= 2 * longestView) return [value.toString()];
  return [value.slice(0, longestView), value.slice(length - longestView, length)];
}
