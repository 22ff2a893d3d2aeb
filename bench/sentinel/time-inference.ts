import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelSession } from '../../actors/sentinel/learning/model-session.ts';
import { modelsFolder } from '../../actors/sentinel/learning/models-folder.ts';
import { allAttacks } from '../../test/sentinel/support/attacks.ts';
import { honest } from '../../test/sentinel/support/honest.ts';
import type { Figure } from '../support/report.ts';
import type { ShippedJudge } from './shipped-judge.ts';

const goalMs = 0.3;
const sentence =
  "The quick brown fox jumps over the lazy dog, and nobody (not even the dog) minds; it is 5 o'clock. ";

/**
 * What one value costs with its features, in plain TypeScript and in onnxruntime-node, one at a time on this thread.
 * @param short fewer values
 */
export async function timeInference(judge: ShippedJudge, short: boolean): Promise<Figure[]> {
  const texts = [
    ...Object.values(honest).flat(),
    ...allAttacks.map(({ text }) => text),
    sentence,
    sentence.repeat(4),
  ];
  const runs = short ? 2000 : 20_000;
  const plain = new Float64Array(runs);
  for (let at = -500; at < runs; at += 1) {
    const text = texts[(at + 500) % texts.length]!;
    const started = process.hrtime.bigint();
    judge.score(text);
    if (at >= 0) plain[at] = Number(process.hrtime.bigint() - started) / 1e6;
  }
  const session = await ModelSession.load(readFileSync(join(modelsFolder, 'values.onnx')));
  const onnx = new Float64Array(runs);
  for (let at = -500; at < runs; at += 1) {
    const text = texts[(at + 500) % texts.length]!;
    const started = process.hrtime.bigint();
    await session.score([judge.extractor.extract(text)]);
    if (at >= 0) onnx[at] = Number(process.hrtime.bigint() - started) / 1e6;
  }
  await session.release();
  return [...figures('plain TypeScript', plain), ...figures('onnxruntime-node', onnx)];
}

function figures(how: string, times: Float64Array): Figure[] {
  times.sort();
  const at = (share: number): number => times[Math.floor(times.length * share)]!;
  return [
    { share: 0.5, goal: null },
    { share: 0.99, goal: goalMs },
  ].map(({ share, goal }) => ({
    measure: `one value with features, ${how}, p${share * 100} (ms)`,
    peer: goal === null ? '' : 'goal',
    value: at(share),
    peerValue: goal,
    ratio: goal === null ? null : at(share) / goal,
    goal: goal === null ? '' : `<= ${goal}`,
    ok: goal === null ? null : at(share) <= goal,
  }));
}
