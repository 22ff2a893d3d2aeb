import { registerHooks } from 'node:module';

/**
 * Loaded before everything else in each thread of a daemon (`--import`). In workers of the patrol a text may end the
 * worker, or keep it busy; with MAGFLOCK_TEST_MODELS the models shipped lie elsewhere.
 */
const breakable = `
import { actor as patrol } from './patrol.actor.ts?as-it-is';
export const actor = {
  ...patrol,
  methods: {
    ...patrol.methods,
    judge(worker, request, call) {
      const all = request.texts.join(' ');
      if (all.includes('ends-this-worker')) process.exit(7);
      if (all.includes('keeps-this-worker-busy')) for (const until = Date.now() + 1200; Date.now() < until; );
      return patrol.methods.judge(worker, request, call);
    },
  },
};`;
const elsewhere = process.env['MAGFLOCK_TEST_MODELS'];

registerHooks({
  load(url, context, next) {
    const replaced = url.endsWith('/sentinel/patrol/patrol.actor.ts')
      ? breakable
      : elsewhere !== undefined && url.endsWith('/sentinel/learning/models-folder.ts')
        ? `export const modelsFolder = ${JSON.stringify(elsewhere)};`
        : undefined;
    return replaced === undefined
      ? next(url, context)
      : { format: 'module', source: replaced, shortCircuit: true };
  },
});
