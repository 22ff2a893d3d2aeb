import { defineExtension } from '@magflock/sdk';
import manifest from './magflock.extension.json' with { type: 'json' };

export default defineExtension(manifest, {
  routes: {
    'GET /hello/:who': ({ params }, { config, log }) => {
      log.info(`greets ${params.who}`);
      return { body: { message: `${config.greeting}, ${params.who}!` } };
    },
  },
});
