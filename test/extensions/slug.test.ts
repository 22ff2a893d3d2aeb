import assert from 'node:assert/strict';
import { type TestedExtension, testExtension } from '../../extensions/sdk/testing/test-extension.ts';
import { slugify } from '../../extensions/slug/slugify.ts';

const dir = new URL('../../extensions/slug/', import.meta.url);
const create = { operation: 'create', table: 'posts' } as const;

describe('slug', () => {
  let extension: TestedExtension;
  const start = async (
    taken: readonly string[],
    options: { config?: Record<string, string | boolean | number>; denied?: ['db.read'] } = {},
  ): Promise<TestedExtension> => {
    extension = await testExtension({
      dir,
      config: { tables: 'posts, pages', ...options.config },
      denied: options.denied ?? [],
      fakes: {
        db: { read: (_sql, slugs) => taken.filter((slug) => slugs.includes(slug)).map((slug) => ({ slug })) },
      },
    });
    return extension;
  };
  afterEach(() => extension?.close());

  const titles: [title: string, slug: string, maxLength?: number][] = [
    ['Hello, World!', 'hello-world'],
    ['Crème brûlée & Co.', 'creme-brulee-co'],
    ['Straße nach Łódź', 'strasse-nach-lodz'],
    ['İstanbul ışığı', 'istanbul-isigi'],
    ["It's fine", 'its-fine'],
    ['Привет, мир', 'привет-мир'],
    ['Русский йод', 'русский-йод'],
    ['日本語の題名', '日本語の題名'],
    ['हिन्दी शीर्षक', 'हिन्दी-शीर्षक'],
    ['한국어 제목', '한국어-제목'],
    ['ﬁnal ﬁle', 'final-file'],
    ['  --  ', ''],
    ['😀', ''],
    ['𝒜𝓃 ordinary 𝟙', 'an-ordinary-1'],
    ['one two three four', 'one-two-three', 15],
    ['unbelievablylong word', 'unbelievably', 12],
    ['𐐀𐐀𐐀𐐀𐐀𐐀𐐀𐐀𐐀', '𐐨𐐨𐐨𐐨𐐨𐐨𐐨𐐨', 8],
  ];
  for (const [title, slug, maxLength = 80] of titles) {
    it(`makes "${slug}" of "${title}"`, () => assert.equal(slugify(title, maxLength), slug));
  }

  it('fills the column of a row that is made, among several too', async () => {
    const { before: hook } = await start([]);
    assert.deepEqual(await hook({ ...create, body: { title: 'First post' } }), {
      body: { title: 'First post', slug: 'first-post' },
    });
    const several = await hook({
      ...create,
      body: [{ title: 'Same' }, { title: 'Same' }, { slug: 'own' }],
    });
    assert.deepEqual(several?.body, [
      { title: 'Same', slug: 'same' },
      { title: 'Same', slug: 'same-2' },
      { slug: 'own' },
    ]);
  });

  it('appends the first number that is free, within the length', async () => {
    const { before: hook, calls } = await start(['post', 'post-2'], { config: { maxLength: 8 } });
    assert.deepEqual((await hook({ ...create, body: { title: 'Post' } }))?.body, {
      title: 'Post',
      slug: 'post-3',
    });
    assert.match(String(calls[0]?.args[0]), /from "posts" where "slug" in \(\$1, \$2/);
    const long = await hook({ ...create, body: { title: 'Long title', slug: '' } });
    assert.equal((long!.body as { slug: string }).slug, 'long');
  });

  it('takes an ending by chance when all numbers are taken', async () => {
    const taken = ['post', ...Array.from({ length: 19 }, (_, index) => `post-${index + 2}`)];
    const { before: hook } = await start(taken);
    const result = await hook({ ...create, body: { title: 'Post' } });
    assert.match((result!.body as { slug: string }).slug, /^post-[0-9a-z]{4,8}$/);
  });

  it('leaves it to the database when reading was not granted', async () => {
    const { before: hook, calls } = await start(['post'], { denied: ['db.read'] });
    assert.deepEqual((await hook({ ...create, body: { title: 'Post' } }))?.body, {
      title: 'Post',
      slug: 'post',
    });
    assert.deepEqual(calls, []);
  });

  const untouched: [why: string, facts: Parameters<TestedExtension['before']>[0]][] = [
    ['a slug that was given', { ...create, body: { title: 'Post', slug: 'mine' } }],
    ['a row without a title', { ...create, body: { text: 'Post' } }],
    ['a title without letters', { ...create, body: { title: '!!!' } }],
    ['a title that is no text', { ...create, body: { title: 7 } }],
    ['a table that was not named', { ...create, table: 'users', body: { title: 'Post' } }],
    ['an update', { operation: 'update', table: 'posts', id: '1', body: { title: 'Post' } }],
    ['a body that is no row', { ...create, body: 'Post' }],
  ];
  for (const [why, facts] of untouched) {
    it(`leaves alone ${why}`, async () => {
      const { before: hook } = await start([]);
      assert.equal(await hook(facts), null);
    });
  }

  it('uses the columns that were set, and follows the title where that is wanted', async () => {
    const { before: hook } = await start([], { config: { from: 'name', to: 'path', onUpdate: true } });
    const result = await hook({ operation: 'update', table: 'pages', id: '1', body: { name: 'New name' } });
    assert.deepEqual(result?.body, { name: 'New name', path: 'new-name' });
  });
});
