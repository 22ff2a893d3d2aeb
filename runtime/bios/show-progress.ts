import type { BootScreen } from './boot-event.ts';

/** Nobody wonders before this, in milliseconds. */
const quiet = 2000;

/**
 * Shows what is being waited for, every second from the third on.
 * @param waitingFor said anew each time: `storage` at first, later others
 */
export async function showProgress<T>(
  screen: BootScreen,
  waitingFor: () => string,
  work: Promise<T>,
): Promise<T> {
  const started = Date.now();
  const timer = setInterval(() => {
    const waited = Date.now() - started;
    if (waited < quiet) return;
    screen.show({ event: 'progress', text: waitingFor(), seconds: Math.floor(waited / 1000) });
  }, 1000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
