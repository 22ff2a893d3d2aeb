import type { Output } from '../output.ts';

/** What takes longer than this shows that it goes on, milliseconds. */
const patience = 2000;

/** Waits for an answer, and says so when it takes long. */
export async function whileWaiting<T>(output: Output, doing: string, answer: Promise<T>): Promise<T> {
  const started = Date.now();
  const timer = setInterval(
    () => output.progress(`${doing} … ${Math.round((Date.now() - started) / 1000)} s`),
    patience,
  );
  try {
    return await answer;
  } finally {
    clearInterval(timer);
  }
}
