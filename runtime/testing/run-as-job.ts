type Job = () => void | Promise<void>;

/**
 * Hands a job to the mailbox of an actor and waits for it, unless the actor is in the middle of a message: then it
 * runs afterwards, and nobody waits. Throws what the job throws.
 */
export async function runAsJob(enqueue: (job: Job) => void, callback: Job): Promise<void> {
  let begun = false;
  const ended = new Promise<void>((resolve, reject) => {
    enqueue(async () => {
      begun = true;
      try {
        await callback();
        resolve();
      } catch (error) {
        reject(error);
        throw error;
      }
    });
  });
  const aTurn = new Promise<void>((resolve) => setImmediate(resolve));
  ended.catch(() => {});
  await Promise.race([ended, aTurn]);
  if (begun) await ended;
}
