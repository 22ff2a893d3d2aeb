import ivm from 'isolated-vm';
import { slugFacts } from '../support/slug-guest.ts';
import { measureCalls } from './measure-calls.ts';

// The peer: isolated-vm as its README shows it, in this process, with a JSON string there and back.
const isolate = new ivm.Isolate({ memoryLimit: 64 });
const context = isolate.createContextSync();
const hook = context.evalClosureSync(
  `return (text) => {
    const facts = JSON.parse(text);
    const slug = facts.body.title.toLowerCase().replaceAll(' ', '-');
    return JSON.stringify({ body: { ...facts.body, slug } });
  };`,
  [],
  { result: { reference: true } },
);
measureCalls(
  async () =>
    JSON.parse((await hook.apply(undefined, [JSON.stringify(slugFacts)], { timeout: 100 })) as string),
  () => isolate.dispose(),
);
