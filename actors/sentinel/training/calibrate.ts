/** A logit that a model gave a text it had not seen. */
export interface HeldLogit {
  readonly logit: number;
  readonly attack: boolean;
  readonly source: string;
}

/** `factor × logit + bias` is the calibrated logit; both are baked into the last layer of the graph. */
export interface Calibration {
  readonly factor: number;
  readonly bias: number;
}

/** Share of the traffic that the calibration takes for attacks: most values are honest, even where attackers are. */
export const attackPrior = 0.05;

const steps = 60;

/**
 * Fits temperature and bias on what the folds said of texts they had not seen (Platt scaling, Newton's method).
 * Attacks weigh `attackPrior` together; in each class a source weighs as the square root of its rows.
 */
export function calibrate(held: readonly HeldLogit[]): Calibration {
  const weights = calibrationWeights(held);
  let factor = 1;
  let bias = 0;
  for (let step = 0; step < steps; step += 1) {
    let slopeFactor = 1e-6 * (factor - 1);
    let slopeBias = 0;
    let curveFactor = 1e-6;
    let curveBias = 1e-9;
    let curveBoth = 0;
    for (const [at, { logit, attack }] of held.entries()) {
      const weight = weights[at]!;
      const score = 1 / (1 + Math.exp(-(factor * logit + bias)));
      const wrong = (score - (attack ? 1 : 0)) * weight;
      const curve = Math.max(1e-12, score * (1 - score)) * weight;
      slopeFactor += wrong * logit;
      slopeBias += wrong;
      curveFactor += curve * logit * logit;
      curveBoth += curve * logit;
      curveBias += curve;
    }
    const determinant = curveFactor * curveBias - curveBoth * curveBoth;
    const moveFactor = (curveBias * slopeFactor - curveBoth * slopeBias) / determinant;
    const moveBias = (curveFactor * slopeBias - curveBoth * slopeFactor) / determinant;
    factor = Math.max(0.05, factor - clamp(moveFactor, 0.2));
    bias -= clamp(moveBias, 1);
  }
  return { factor, bias };
}

/** How much each text counts, so that the whole is 1. */
export function calibrationWeights(held: readonly HeldLogit[]): Float64Array {
  const counts = new Map<string, number>();
  for (const { source, attack } of held) counts.set(source + attack, (counts.get(source + attack) ?? 0) + 1);
  const raw = Float64Array.from(held, ({ source, attack }) => 1 / Math.sqrt(counts.get(source + attack)!));
  let attacks = 0;
  let honest = 0;
  for (const [at, { attack }] of held.entries()) {
    if (attack) attacks += raw[at]!;
    else honest += raw[at]!;
  }
  return raw.map((weight, at) =>
    held[at]!.attack ? (weight * attackPrior) / attacks : (weight * (1 - attackPrior)) / honest,
  );
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
