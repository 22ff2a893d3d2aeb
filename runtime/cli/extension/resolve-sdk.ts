import { registerHooks } from 'node:module';
import { moduleUrl } from '../../placement/module-url.ts';

// Loaded with `--import` by the tests of an extension: an author needs no node_modules to run them. An SDK that is
// installed beside them goes first.
const entries: Readonly<Record<string, string>> = {
  '@magflock/sdk': moduleUrl('../../../extensions/sdk/index', import.meta.url).href,
  '@magflock/sdk/testing': moduleUrl('../../../extensions/sdk/testing/test-extension', import.meta.url).href,
};

registerHooks({
  resolve(specifier, context, next) {
    const own = Object.hasOwn(entries, specifier) ? entries[specifier] : undefined;
    if (own === undefined) return next(specifier, context);
    try {
      return next(specifier, context);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw thrown;
      return { url: own, shortCircuit: true };
    }
  },
});
