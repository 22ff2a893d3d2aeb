import { Buffer } from 'node:buffer';
import type { PatrolModel } from '../../../runtime/protocol/patrol.protocol.ts';
import { buckets, featureVersions } from '../learning/feature-layout.ts';
import type { Features } from '../learning/features.ts';
import { featureCode } from './feature-code.ts';
import { sampleWindow } from './sample-window.ts';

/** More than any window has, in characters of base64. */
const longest = 65_536;
/** Statistics are between -1 and 1.5. */
const largestStatistic = 2;

/** What was encoded. */
export interface DecodedFeatures {
  readonly kind: PatrolModel;
  readonly features: Features;
}

/**
 * Reads what `encodeFeatures` wrote. Hostile data gets no further: there is one way to write a window, and anything
 * else is refused.
 * @throws Error with a sentence that says what is wrong; it never quotes the data
 */
export function decodeFeatures(text: string): DecodedFeatures {
  const { header, magic, layout, kinds } = featureCode;
  if (text.length > longest) throw new Error('the features are too long');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new Error('the features are not base64');
  if (bytes.length < header || bytes[0] !== magic || bytes[1] !== layout || bytes[3] !== 0) {
    throw new Error('the features have another layout');
  }
  const kind = kinds[bytes[2]!];
  if (kind === undefined) throw new Error('the features are of no model');
  const version = bytes.readUInt16LE(4);
  if (version !== featureVersions[kind]) {
    throw new Error(`the features have version ${version}, the models read ${featureVersions[kind]}`);
  }
  const count = bytes.readUInt32LE(8);
  const places = sampleWindow(kind).statistics.length;
  if (bytes.readUInt16LE(6) !== places || count > buckets) {
    throw new Error('the features have wrong numbers of parts');
  }
  const scale = bytes.readFloatLE(12);
  if (!(scale > 0 && scale <= 1)) throw new Error('the features have a wrong scale');
  const { indices, end } = readIndices(bytes, header, count);
  if (bytes.length !== end + places * 4) throw new Error('the features have a wrong length');
  const statistics = Float32Array.from({ length: places }, (_, at) => bytes.readFloatLE(end + at * 4));
  for (const statistic of statistics) {
    if (!(Math.abs(statistic) <= largestStatistic)) throw new Error('the features have a wrong statistic');
  }
  return { kind, features: { indices, scale, statistics } };
}

function readIndices(bytes: Buffer, from: number, count: number): { indices: Int32Array; end: number } {
  const indices = new Int32Array(count);
  let at = from;
  let last = -1;
  for (let place = 0; place < count; place += 1) {
    let step = 0;
    let shift = 0;
    for (;;) {
      const byte = bytes[at];
      at += 1;
      if (byte === undefined || shift > 14) throw new Error('the features have a wrong bucket');
      step |= (byte & 127) << shift;
      if (byte < 128) {
        // A shorter way to write the same number exists.
        if (byte === 0 && shift > 0) throw new Error('the features have a wrong bucket');
        break;
      }
      shift += 7;
    }
    last += step;
    if (step === 0 || last >= buckets) throw new Error('the features have a wrong bucket');
    indices[place] = last;
  }
  return { indices, end: at };
}
