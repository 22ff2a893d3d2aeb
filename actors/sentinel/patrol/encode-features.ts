import { Buffer } from 'node:buffer';
import type { PatrolModel } from '../../../runtime/protocol/patrol.protocol.ts';
import { featureVersions } from '../learning/feature-layout.ts';
import type { Features } from '../learning/features.ts';
import { featureCode } from './feature-code.ts';

/**
 * What a model read of a window, as base64: for feedback, in place of the text. Little-endian: `0x4d`, layout 1, kind
 * (0 values, 1 statements), 0, version of the features (2 bytes), number of statistics (2), number of buckets (4),
 * scale (float32), the buckets ascending as differences (LEB128; the first from -1), the statistics (float32).
 */
export function encodeFeatures(kind: PatrolModel, { indices, scale, statistics }: Features): string {
  const { header, magic, layout, kinds } = featureCode;
  const out = Buffer.alloc(header + indices.length * 3 + statistics.length * 4);
  out[0] = magic;
  out[1] = layout;
  out[2] = kinds.indexOf(kind);
  out.writeUInt16LE(featureVersions[kind], 4);
  out.writeUInt16LE(statistics.length, 6);
  out.writeUInt32LE(indices.length, 8);
  out.writeFloatLE(scale, 12);
  let at = header;
  let last = -1;
  for (const bucket of indices) {
    let step = bucket - last;
    last = bucket;
    while (step > 127) {
      out[at++] = (step & 127) | 128;
      step >>>= 7;
    }
    out[at++] = step;
  }
  for (const statistic of statistics) at = out.writeFloatLE(statistic, at);
  return out.toString('base64', 0, at);
}
