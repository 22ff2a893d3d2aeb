import { defineExtension, type ExtensionContext, ExtensionError } from '@magflock/sdk';
import { localTime } from './local-time.ts';
import manifest from './magflock.extension.json' with { type: 'json' };

type Context = ExtensionContext<typeof manifest>;

/** Hours after the one it is due, in which a digest that was not delivered is tried again. */
const graceHours = 3;
const file = 'last-sent.txt';

export default defineExtension(manifest, {
  schedules: {
    async hourly({ at }, context) {
      const { config, files, log } = context;
      const { day, hour } = localTime(at, config.timezone);
      if (hour < config.hour || hour > config.hour + graceHours) return;
      if ((await lastSent(context)) === day) return;
      const count = await send(day, at, context);
      await files.write(file, day);
      log.info(`the digest of ${day} was sent, ${count} rows`);
    },
  },
});

/** Day of the last one; a file and not the cache, since it must outlast the daemon. */
async function lastSent({ files }: Context): Promise<string | null> {
  const entries = await files.list();
  return entries.some(({ name }) => name === file) ? await files.read(file) : null;
}

/** @returns rows that were sent */
async function send(day: string, at: string, context: Context): Promise<number> {
  const { config, db, extension, project, secrets } = context;
  const { rows, count } = await db.read.query(config.query);
  const token = await secrets.read('DIGEST_TOKEN');
  await deliver(context, {
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      // The same for each try of a day: a receiver that knows it drops the second.
      'idempotency-key': [extension.id, project ?? '', day].join(':'),
    },
    body: JSON.stringify({ title: config.title, day, at, project, count, rows }),
  });
  return count;
}

async function deliver(
  { config, log, net }: Context,
  message: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<void> {
  let problem = '';
  for (let attempt = 1; attempt <= config.attempts; attempt += 1) {
    try {
      const { status } = await net.fetch(config.url, { method: 'POST', timeoutMs: 10_000, ...message });
      if (status >= 200 && status < 300) return;
      problem = `the receiver answered ${status}`;
      // It understood and does not want it: the same again changes nothing.
      if (status < 500 && status !== 408 && status !== 429) break;
    } catch (error) {
      const { code, message: text } = error as { readonly code?: string; readonly message: string };
      // Not granted, or over a quota: waiting for a network does not help.
      if (code === 'MF610' || code === 'MF664') throw error;
      problem = text;
    }
    log.warn(`attempt ${attempt} of ${config.attempts}: ${problem}`);
  }
  throw new ExtensionError('MF662', `The digest was not delivered: ${problem}.`);
}
