import { buckets } from '../learning/feature-layout.ts';
import { forwardPass, type Network } from '../learning/network.ts';
import type { Example } from './examples.ts';
import { Random } from './random.ts';

const widths: Network['widths'] = [64, 32, 16];
const embeddingRate = 0.08;
const denseRate = 0.02;
/** Share of the buckets of an example that are hidden in a step, so that no single one decides. */
const hidden = 0.15;
/** An example with a smaller error is known; of those this share is skipped in the next epoch. */
const known = 0.01;
const skipped = 0.65;
/** Share of the visits of an attack in which its first window, mostly the whole text, does not count. */
const partsOnly = 0.4;
/** Pulls weights to zero; what is rare stays small. */
const decay = 2e-6;

/** One fully connected layer with its gradients' squares (Adagrad). */
class Dense {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  private readonly squares: Float32Array;
  private readonly biasSquares: Float32Array;

  constructor(inputs: number, outputs: number, random: Random) {
    const spread = Math.sqrt(2 / inputs);
    this.weights = Float32Array.from({ length: inputs * outputs }, () => gauss(random) * spread);
    this.bias = new Float32Array(outputs);
    this.squares = new Float32Array(inputs * outputs).fill(1e-3);
    this.biasSquares = new Float32Array(outputs).fill(1e-3);
  }

  forward(input: Float32Array, out: Float32Array): void {
    const { weights } = this;
    const width = out.length;
    out.set(this.bias);
    for (let row = 0; row < input.length; row += 1) {
      const value = input[row]!;
      if (value === 0) continue;
      const base = row * width;
      for (let unit = 0; unit < width; unit += 1) out[unit]! += value * weights[base + unit]!;
    }
  }

  /** Takes a step against `gradient` and, when asked, hands the gradient of the input on. */
  step(input: Float32Array, gradient: Float32Array, rate: number, onward: Float32Array | undefined): void {
    const { weights, squares, bias, biasSquares } = this;
    const width = gradient.length;
    for (let row = 0; row < input.length; row += 1) {
      const value = input[row]!;
      const base = row * width;
      if (value === 0) {
        if (onward !== undefined) onward[row] = 0;
        continue;
      }
      let sum = 0;
      for (let unit = 0; unit < width; unit += 1) {
        const at = base + unit;
        sum += weights[at]! * gradient[unit]!;
        const slope = value * gradient[unit]!;
        squares[at]! += slope * slope;
        weights[at]! -= (rate * slope) / Math.sqrt(squares[at]!) + decay * weights[at]!;
      }
      if (onward !== undefined) onward[row] = sum;
    }
    for (let unit = 0; unit < width; unit += 1) {
      const slope = gradient[unit]!;
      biasSquares[unit]! += slope * slope;
      bias[unit]! -= (rate * slope) / Math.sqrt(biasSquares[unit]!);
    }
  }
}

/**
 * Trains a network by stochastic gradient descent (Adagrad); of several windows only the worst counts.
 * @param harder asked after each epoch but the last for more examples, those that the network of that moment finds hard
 */
export function trainNetwork(
  given: readonly Example[],
  seed: number,
  epochs: number,
  harder?: (network: Network, epoch: number) => readonly Example[],
): Network {
  const examples = [...given];
  const random = new Random(seed);
  const [width, second, third] = widths;
  const embedding = Float32Array.from({ length: (buckets + 1) * width }, () => gauss(random) * 0.05);
  embedding.fill(0, buckets * width);
  const embeddingSquares = new Float32Array(buckets).fill(1e-3);
  const layers = [
    new Dense(examples[0]!.windows[0]!.statistics.length, width, random),
    new Dense(width, second, random),
    new Dense(second, third, random),
    new Dense(third, 1, random),
  ] as const;
  const network = (): Network => ({
    widths,
    embedding,
    statistics: layers[0].weights,
    bias1: layers[0].bias,
    weights2: layers[1].weights,
    bias2: layers[1].bias,
    weights3: layers[2].weights,
    bias3: layers[2].bias,
    weights4: layers[3].weights,
    bias4: layers[3].bias,
  });
  const current = network();
  const activations = widths.map((size) => new Float32Array(size));
  const gradients = widths.map((size) => new Float32Array(size));
  const sum = new Float32Array(width);
  const out = new Float32Array(1);
  const outGradient = new Float32Array(1);
  let kept = new Int32Array(4096);
  const errors: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    if (epoch > 0 && harder !== undefined) examples.push(...harder(current, epoch));
    const order = Int32Array.from(examples, (_, at) => at);
    let step = 0;
    for (let at = order.length - 1; at > 0; at -= 1) {
      const other = random.below(at + 1);
      const swapped = order[at]!;
      order[at] = order[other]!;
      order[other] = swapped;
    }
    for (const at of order) {
      // What was known in the last epoch is only looked at now and then.
      if (epoch > 0 && (errors[at] ?? 1) < known && random.next() < skipped) continue;
      const { windows, attack, weight } = examples[at]!;
      let features = windows[0]!;
      if (windows.length > 1) {
        let worst = Number.NEGATIVE_INFINITY;
        // A part of an attack must be known without the whole, which something that is added may spoil.
        const first = attack && random.next() < partsOnly ? 1 : 0;
        for (const window of first === 0 ? windows : windows.slice(first)) {
          const logit = forwardPass(current, window);
          if (logit > worst) {
            worst = logit;
            features = window;
          }
        }
      }
      const rate = 1 - (0.95 * (epoch + step / order.length)) / epochs;
      step += 1;
      const { indices } = features;
      if (kept.length < indices.length) kept = new Int32Array(indices.length * 2);
      let count = 0;
      for (const bucket of indices) {
        if (random.next() < hidden) continue;
        kept[count] = bucket;
        count += 1;
      }
      const scale = features.scale / (1 - hidden);
      sum.fill(0);
      for (let row = 0; row < count; row += 1) {
        const base = kept[row]! * width;
        for (let unit = 0; unit < width; unit += 1) sum[unit]! += embedding[base + unit]!;
      }
      const [first_, second_, third_] = activations as [Float32Array, Float32Array, Float32Array];
      layers[0].forward(features.statistics, first_);
      for (let unit = 0; unit < width; unit += 1)
        first_[unit] = Math.max(0, first_[unit]! + sum[unit]! * scale);
      layers[1].forward(first_, second_);
      for (let unit = 0; unit < second; unit += 1) if (second_[unit]! < 0) second_[unit] = 0;
      layers[2].forward(second_, third_);
      for (let unit = 0; unit < third; unit += 1) if (third_[unit]! < 0) third_[unit] = 0;
      layers[3].forward(third_, out);
      const probability = 1 / (1 + Math.exp(-out[0]!));
      errors[at] = Math.abs(probability - (attack ? 1 : 0));
      outGradient[0] = (probability - (attack ? 1 : 0)) * weight;
      if (Math.abs(outGradient[0]) < 5e-4) continue;
      const [first, middle, last] = gradients as [Float32Array, Float32Array, Float32Array];
      layers[3].step(third_, outGradient, rate * denseRate, last);
      layers[2].step(second_, last, rate * denseRate, middle);
      layers[1].step(first_, middle, rate * denseRate, first);
      layers[0].step(features.statistics, first, rate * denseRate, undefined);
      let squares = 0;
      for (let unit = 0; unit < width; unit += 1) {
        first[unit]! *= scale;
        squares += first[unit]! * first[unit]!;
      }
      if (squares === 0) continue;
      squares /= width;
      for (let row = 0; row < count; row += 1) {
        const bucket = kept[row]!;
        embeddingSquares[bucket]! += squares;
        const speed = (rate * embeddingRate) / Math.sqrt(embeddingSquares[bucket]!);
        const base = bucket * width;
        for (let unit = 0; unit < width; unit += 1) {
          embedding[base + unit]! -= speed * first[unit]! + decay * embedding[base + unit]!;
        }
      }
    }
  }
  return network();
}

function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
