/** A before-hook of the usual size: fills a column from another one. */
export const slugGuest = `export default {
  onBefore(facts) {
    const slug = facts.body.title.toLowerCase().replaceAll(' ', '-');
    return { body: { ...facts.body, slug } };
  },
};`;

/** What it is asked. */
export const slugFacts = {
  project: 'main',
  operation: 'create',
  table: 'article',
  id: null,
  query: '',
  body: { title: 'A Sentence of Usual Length', text: 'x'.repeat(100), stars: 4 },
  role: 'service_role',
  claims: {},
  requestId: '0198c0de-0000-7000-8000-000000000001',
};
