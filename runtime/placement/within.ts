import { MagFlockError } from '../errors/magflock-error.ts';

/**
 * Waits for `work`, but not longer than `budgetMs`: then MF602 and `onLate`. The work itself goes on; whoever
 * calls must be able to leave it.
 */
export async function within<T>(
  budgetMs: number,
  work: Promise<T>,
  message: string,
  onLate: () => void = () => {},
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      onLate();
      reject(new MagFlockError('MF602', `${message} within ${budgetMs} ms`));
    }, budgetMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
