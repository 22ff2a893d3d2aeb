import type { Answer } from './contender.ts';

/**
 * The far end of a `Contender`: measures when told to, one at a time.
 * @param measures by name; each resolves with its figure, after the work is completed
 * @param close ends what the process has started
 */
export function serveMeasures(
  // biome-ignore lint/suspicious/noExplicitAny: each measure knows its own parameters
  measures: Readonly<Record<string, (parameters: any) => unknown>>,
  close: () => void | Promise<void> = () => {},
): void {
  process.on('message', async (order: { readonly measure: string; readonly parameters: unknown }) => {
    let answer: Answer;
    try {
      const measure = measures[order.measure];
      if (measure === undefined) throw new Error(`there is no measure ${order.measure}`);
      answer = { value: await measure(order.parameters) };
    } catch (error) {
      answer = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    process.send?.(answer);
  });
  process.once('disconnect', async () => {
    await close();
    process.exit();
  });
}
