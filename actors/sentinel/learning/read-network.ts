import { buckets } from './feature-layout.ts';
import type { Network } from './network.ts';

/** A field of a protobuf message: its number, and its bytes or value. */
interface Field {
  readonly number: number;
  readonly bytes: Uint8Array;
}

const GRAPH = 7;
const INITIALIZER = 5;
const TENSOR_NAME = 8;
const TENSOR_RAW = 9;

/**
 * Reads the weights back out of a model file (ONNX is protobuf), for the explanation of verdicts and for scoring
 * where no inference session is at hand.
 * @throws Error when the file is damaged or not one of ours
 */
export function readNetwork(file: Uint8Array): Network {
  const tensors = new Map<string, Float32Array>();
  for (const graph of fieldsOf(file)) {
    if (graph.number !== GRAPH) continue;
    for (const initializer of fieldsOf(graph.bytes)) {
      if (initializer.number === INITIALIZER) readTensor(initializer.bytes, tensors);
    }
  }
  const take = (name: string, length?: number): Float32Array => {
    const tensor = tensors.get(name);
    if (tensor === undefined || (length !== undefined && tensor.length !== length)) {
      throw new Error(`model file: ${name} is missing or has the wrong size`);
    }
    return tensor;
  };
  const bias1 = take('bias1');
  const bias2 = take('bias2');
  const bias3 = take('bias3');
  const widths = [bias1.length, bias2.length, bias3.length] as const;
  return {
    widths,
    embedding: take('embedding', (buckets + 1) * widths[0]),
    statistics: take('statistics_weights'),
    bias1,
    weights2: take('weights2', widths[0] * widths[1]),
    bias2,
    weights3: take('weights3', widths[1] * widths[2]),
    bias3,
    weights4: take('weights4', widths[2]),
    bias4: take('bias4', 1),
  };
}

function readTensor(bytes: Uint8Array, tensors: Map<string, Float32Array>): void {
  let name = '';
  let raw: Uint8Array | undefined;
  for (const field of fieldsOf(bytes)) {
    if (field.number === TENSOR_NAME) name = Buffer.from(field.bytes).toString('utf8');
    if (field.number === TENSOR_RAW) raw = field.bytes;
  }
  if (raw === undefined || raw.length % 4 !== 0) return;
  // A copy: floats must begin at a multiple of four bytes (and `slice` of a Buffer is none).
  const aligned = new Uint8Array(raw);
  tensors.set(name, new Float32Array(aligned.buffer, 0, aligned.length / 4));
}

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      if (at >= bytes.length) throw new Error('model file: cut off');
      const byte = bytes[at]!;
      at += 1;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new Error('model file: damaged number');
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag & 7;
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = varint();
      if (at + length > bytes.length) throw new Error('model file: cut off');
      yield { number: Math.floor(tag / 8), bytes: bytes.subarray(at, at + length) };
      at += length;
    } else throw new Error('model file: damaged field');
  }
}
