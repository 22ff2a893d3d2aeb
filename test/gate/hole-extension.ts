/**
 * An extension that does what none should: values of strangers in the text of its statements, in every place where a
 * request can carry one. Failures of the database are told to the caller, as careless programs do.
 */
export const holeExtension = {
  manifest: {
    id: 'acme.holes',
    name: 'holes',
    version: '1.0.0',
    description: 'Searches a shop, carelessly.',
    requiredComponents: [],
    permissions: [
      { capability: 'http.route', scope: ['*'], reason: 'answers' },
      { capability: 'db.read', scope: ['goods'], reason: 'finds' },
    ],
    routes: [
      { method: 'GET', path: '/*' },
      { method: 'POST', path: '/*' },
    ],
    limits: {
      cpuMsPerCall: 1000,
      cpuMsPerMinute: 60_000,
      callsPerSecond: 100_000,
      messagesPerSecond: 20_000,
    },
  },
  code: `const columns = 'select id, title, price from goods where ';
const formOf = (text) => Object.fromEntries(String(text ?? '').split('&').map((pair) =>
  pair.split('=').map((part) => { try { return decodeURIComponent(part.replaceAll('+', ' ')); } catch { return part; } })));
const statements = {
  '/title': ({ query }) => columns + "title = '" + query.q + "' order by id",
  '/number': ({ query }) => columns + 'id = ' + query.id,
  '/like': ({ query }) => columns + "(title like '%" + query.q + "%' and price > 0) order by id limit 5",
  '/json': ({ body }) => columns + "title = '" + (typeof body === 'string' ? JSON.parse(body) : body).q + "' order by id",
  '/form': ({ body }) => columns + "title = '" + formOf(body).q + "' order by id",
  '/agent': ({ headers }) => columns + "title <> '" + headers['user-agent'] + "' order by id",
  '/tenant': ({ headers }) => columns + "title <> '" + headers.tenant + "' order by id",
}; export default {
  async onRequest(request, { db }) {
    const compose = statements[request.path] ?? (request.path.startsWith('/path/')
      ? ({ path }) => columns + "title = '" + decodeURIComponent(path.slice(6)) + "' order by id"
      : undefined);
    if (compose === undefined) return { status: 404, body: 'no such page' };
    try {
      const { rows } = await db.read.query(compose(request));
      return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><body><ul>' +
        rows.map(({ id, title, price }) => '<li>' + [id, title, price].join(' ') + '</li>').join('') + '</ul></body></html>' };
    } catch (error) {
      const status = error.code === 'MF301' ? 403 : 500;
      return { status, headers: { 'x-stopped': String(error.code) }, body: 'database: ' + error.message };
    }
  },
};
`,
} as const;
