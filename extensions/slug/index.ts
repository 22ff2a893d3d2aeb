import { defineExtension, type ExtensionContext } from '@magflock/sdk';
import manifest from './magflock.extension.json' with { type: 'json' };
import { slugify } from './slugify.ts';

type Row = Readonly<Record<string, unknown>>;
type Context = ExtensionContext<typeof manifest>;

export default defineExtension(manifest, {
  async onBefore({ table, operation, body }, context) {
    const { config } = context;
    if (!listed(config.tables).includes(table) || !isRows(body)) return null;
    if (operation === 'update' && !config.onUpdate) return null;
    const rows = Array.isArray(body) ? body : [body];
    const filled: Row[] = [];
    const given = new Set<unknown>(rows.map((row) => row[config.to]));
    for (const row of rows) {
      const slug = await slugOf(row, table, given, context);
      given.add(slug);
      filled.push(slug === undefined ? row : { ...row, [config.to]: slug });
    }
    if (filled.every((row, index) => row === rows[index])) return null;
    return { body: Array.isArray(body) ? filled : filled[0] };
  },
});

/** Undefined when the row has one, or has nothing to make one of. */
async function slugOf(
  row: Row,
  table: string,
  given: ReadonlySet<unknown>,
  context: Context,
): Promise<string | undefined> {
  const { from, to, maxLength } = context.config;
  const title = row[from];
  const present = row[to];
  if (typeof title !== 'string' || (present !== undefined && present !== null && present !== ''))
    return undefined;
  if (slugify(title, maxLength) === '') return undefined;
  const numbered = Array.from({ length: numbers }, (_, index) =>
    withEnding(title, index === 0 ? '' : `-${index + 1}`, maxLength),
  );
  const taken = await takenOf(numbered, table, context);
  const free = numbered.find((slug) => !taken.has(slug) && !given.has(slug));
  // A title that is so common gets an ending that nobody counts.
  return free ?? withEnding(title, `-${context.random().toString(36).slice(2, 10)}`, maxLength);
}

/** Endings that are tried: none, `-2` and so on. */
const numbers = 20;

const withEnding = (title: string, ending: string, maxLength: number): string =>
  `${slugify(title, maxLength - ending.length)}${ending}`;

/** Which of them the table has; none when reading was not granted, and the database decides. */
async function takenOf(
  slugs: readonly string[],
  table: string,
  { config, db, has }: Context,
): Promise<ReadonlySet<string>> {
  if (!has('db.read') || db?.read === undefined) return new Set();
  const column = quoted(config.to);
  const places = slugs.map((_, index) => `$${index + 1}`).join(', ');
  const sql = `select ${column} as slug from ${quoted(table)} where ${column} in (${places})`;
  const { rows } = await db.read.query<{ slug: string }>(sql, slugs);
  return new Set(rows.map((row) => row.slug));
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const listed = (names: string): readonly string[] => names.split(',').map((name) => name.trim());

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isRows = (body: unknown): body is Row | readonly Row[] =>
  Array.isArray(body) ? body.every(isRow) : isRow(body);
