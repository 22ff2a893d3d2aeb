/**
 * Repeats a batch until the time is up, and counts whole batches only.
 * @param batch resolves when its work is completed
 * @returns completed pieces of work per second
 */
export async function rateFor(
  milliseconds: number,
  perBatch: number,
  batch: () => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  let batches = 0;
  let elapsed = 0;
  while (elapsed < milliseconds) {
    await batch();
    batches += 1;
    elapsed = performance.now() - startedAt;
  }
  return (batches * perBatch * 1000) / elapsed;
}
