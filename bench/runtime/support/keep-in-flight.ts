/** Asks until `count` are answered, never with more than `width` in flight. @returns milliseconds it took */
export async function keepInFlight(
  count: number,
  width: number,
  ask: (amount: number) => Promise<unknown>,
): Promise<number> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await ask(1);
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: width }, lane));
  return performance.now() - startedAt;
}
