import { equal, notEqual } from 'node:assert/strict';
import { Freshener } from '../../extensions/maggate/schema-cache/freshener.ts';

describe('asking the owner side for news', () => {
  const many = 5000;
  let time = 0;
  let asked: string[] = [];
  beforeEach(() => {
    time = 0;
    asked = [];
  });

  const freshener = (answer: () => Promise<void>): Freshener =>
    new Freshener(
      (project) => {
        asked.push(project);
        return answer();
      },
      () => time,
    );

  it('is done once per pause and project', async () => {
    const news = freshener(() => Promise.resolve());
    await news.freshen('main');
    equal(news.freshen('main'), undefined);
    time += 100;
    await news.freshen('main');
    equal(asked.length, 2);
  });

  it('remembers no more than a thousand projects, however many names callers make up', async () => {
    const news = freshener(() => Promise.resolve());
    for (let n = 0; n < many; n += 1) await news.freshen(`ref${n}`);
    equal(asked.length, 1000);
    equal(news.size, 1000);
    time += 100;
    await news.freshen('main');
    equal(asked.at(-1), 'main');
    equal(news.size, 1);
  });

  it('keeps what is not answered yet, and asks nothing more until there is room', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const news = freshener(() => promise);
    const waiting = Array.from({ length: 1000 }, (_, n) => news.freshen(`ref${n}`));
    time += 100_000;
    equal(news.freshen('main'), undefined);
    equal(news.freshen('ref0'), waiting[0]);
    resolve();
    await Promise.all(waiting);
    time += 100;
    notEqual(news.freshen('main'), undefined);
    equal(asked.length, 1001);
  });
});
