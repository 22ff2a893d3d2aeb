import type { Trial } from './trial.ts';

const encode = encodeURIComponent;

/** Honest requests that look a little like attacks; blocking one is a defect. */
export const legitimateRequests: readonly Trial[] = [
  query('a name with an apostrophe', "O'Brien"),
  query('English with SQL words', 'Select a union rep from the table'),
  query('a street address', "12 O'Connell St., Apt. 4-B (rear) -- ring twice"),
  query('a comparison in words', 'this or that and 1 more'),
  query('feet and inches', '5\' 11"'),
  query('a Swiss number', "1'000.00"),
  query('an e-mail address', "d'artagnan+list@example.com"),
  query('a company', 'Yahoo! (Y!) & Sons; Drop-off point'),
  query('a table at a restaurant', 'drop table reservations at the restaurant or call'),
  query('a mathematician', "L'Hôpital's rule: lim f/g"),
  query('a sale', '50% off -- today only!'),
  query('plus signs and percent signs', '1+1=2 and 100%+'),
  { ...base('filters and sort', '/api/{table}?limit=1&page=1'), withKey: true },
  {
    ...base('a browser', '/api/{table}?limit=1'),
    headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' },
    withKey: true,
  },
  body('a poem', { text: 'Where have all the flowers gone? -- Pete Seeger, 1955; long time passing' }),
  body('code in a text', { text: "const user = users.find((one) => one.name === 'x' || one.admin);" }),
  body('SQL in a tutorial', { text: 'Use SELECT name FROM users WHERE id = 1 to read one row.' }),
  body('SQL in a question', {
    text: "How do I write SELECT name FROM users WHERE name = 'O''Brien' OR id IN (1, 2) in Python?",
  }),
  body('a statement for a notebook', {
    cells: ["select a.title, b.name from album a join artist b on b.id = a.artist_id where b.name like 'N%'"],
  }),
  body('names', { names: ["D'Arcy O'Shea", "N'Golo Kanté", "Ng'ang'a"], note: "rock 'n' roll" }),
  body('a shopping list', { items: ['milk', "Grandma's jam", 'rice 1/2 kg'], total: 12.5 }),
];

function base(name: string, path: string): Omit<Trial, 'withKey'> {
  return { kind: 'legitimate', name, method: 'GET', path };
}

function query(name: string, value: string): Trial {
  return { ...base(name, `/api/{table}?q=${encode(value)}&limit=1`), withKey: true };
}

function body(name: string, value: object): Trial {
  return {
    kind: 'legitimate',
    name,
    method: 'POST',
    // Never a real table: the simulation leaves no rows behind. The answer must be 404, not 403.
    path: '/api/no_such_table',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
    withKey: true,
  };
}
