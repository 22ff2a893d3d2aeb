import onnxProto from 'onnx-proto';
import type { ModelKind } from '../learning/feature-extractor.ts';
import { featureVersions } from '../learning/feature-layout.ts';
import type { Network } from '../learning/network.ts';

const { onnx } = onnxProto;
const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;
const opset = 17;
const irVersion = 8;

/**
 * Writes a network as an ONNX graph: `indices` (int32, batch × length, filled up with the empty bucket), `scale`
 * (batch × 1) and `statistics` (batch × 40) in, `score` (batch × 1) out.
 * @returns the bytes of the file, the same for the same weights
 */
export function exportOnnx(network: Network, kind: ModelKind): Uint8Array {
  const [first, second, third] = network.widths;
  const rows = network.embedding.length / first;
  const weights: readonly (readonly [name: string, shape: readonly number[], values: Float32Array])[] = [
    ['embedding', [rows, first], network.embedding],
    ['statistics_weights', [network.statistics.length / first, first], network.statistics],
    ['bias1', [first], network.bias1],
    ['weights2', [first, second], network.weights2],
    ['bias2', [second], network.bias2],
    ['weights3', [second, third], network.weights3],
    ['bias3', [third], network.bias3],
    ['weights4', [third, 1], network.weights4],
    ['bias4', [1], network.bias4],
  ];
  const node = (opType: string, input: string[], output: string, attribute: object[] = []): object => ({
    opType,
    name: output,
    input,
    output: [output],
    attribute,
  });
  const model = onnx.ModelProto.create({
    irVersion,
    producerName: 'magflock',
    opsetImport: [{ domain: '', version: opset }],
    metadataProps: [
      { key: 'kind', value: kind },
      { key: 'featureVersion', value: String(featureVersions[kind]) },
    ],
    graph: {
      name: `sqlguard ${kind}`,
      node: [
        node('Gather', ['embedding', 'indices'], 'rows', [{ name: 'axis', type: 2, i: 0 }]),
        node('ReduceSum', ['rows', 'length_axis'], 'sum', [{ name: 'keepdims', type: 2, i: 0 }]),
        node('Mul', ['sum', 'scale'], 'scaled'),
        node('Gemm', ['statistics', 'statistics_weights', 'bias1'], 'told'),
        node('Add', ['scaled', 'told'], 'first'),
        node('Relu', ['first'], 'first_on'),
        node('Gemm', ['first_on', 'weights2', 'bias2'], 'second'),
        node('Relu', ['second'], 'second_on'),
        node('Gemm', ['second_on', 'weights3', 'bias3'], 'third'),
        node('Relu', ['third'], 'third_on'),
        node('Gemm', ['third_on', 'weights4', 'bias4'], 'logit'),
        node('Sigmoid', ['logit'], 'score'),
      ],
      initializer: [
        ...weights.map(([name, dims, values]) => ({
          name,
          dims: [...dims],
          dataType: FLOAT,
          rawData: bytesOf(values),
        })),
        { name: 'length_axis', dims: [1], dataType: INT64, rawData: bytesOf(new BigInt64Array([1n])) },
      ],
      input: [
        port('indices', INT32, ['batch', 'length']),
        port('scale', FLOAT, ['batch', 1]),
        port('statistics', FLOAT, ['batch', network.statistics.length / network.widths[0]]),
      ],
      output: [port('score', FLOAT, ['batch', 1])],
    },
  } as object);
  return onnx.ModelProto.encode(model).finish();
}

function port(name: string, elemType: number, shape: readonly (string | number)[]): object {
  const dim = shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

function bytesOf(values: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));
}
