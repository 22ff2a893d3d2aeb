import { defineExtension, type ExtensionContext } from '@magflock/sdk';
import manifest from './magflock.extension.json' with { type: 'json' };

type Context = ExtensionContext<typeof manifest>;

const file = 'counts.csv';

export default defineExtension(manifest, {
  schedules: {
    async nightly({ at }, context) {
      const { rows } = await context.db.read.query<{ count: number }>(
        'select count(*)::int as count from orders',
      );
      const count = rows[0]?.count ?? 0;
      await context.files.write(file, `${await kept(context)}${at},${count}\n`);
      context.log.info(`counted ${count} orders`);
    },
  },
});

/** What earlier nights wrote. */
async function kept({ files }: Context): Promise<string> {
  const entries = await files.list();
  return entries.some(({ name }) => name === file) ? await files.read(file) : 'at,orders\n';
}
