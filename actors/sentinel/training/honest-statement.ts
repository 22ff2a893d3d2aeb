import type { Random } from './random.ts';
import { dialectsGrammar } from './statement-grammar-dialects.ts';
import { postgresGrammar } from './statement-grammar-postgres.ts';

const words =
  'users orders items events city film actor payment account device price total name title kind status code label email address region country year month score level notes amount quantity flag data info test foo bar baz abc x y z tmp tab1 test_table my_view audit_log stock sensor reading invoice product category author book student course teacher player team match season stadium flight airport employee department salary manager project task ticket message thread post comment tag blue river coffee garden silver summer kitchen market paper guitar museum harbour v1 f1 f2 q1 i4 col_a col_b part_1 idx_name trg_check fn_total'.split(
    ' ',
  );
const columns =
  'id name price total status kind code year email a b c x y f1 f2 q1 i col1 created_at updated_at quantity amount title city country age score level user_id owner_id password note data payload tags "order" "Name" "userId" t1.id T2.name o.total u.email x.y'.split(
    ' ',
  );
const tables =
  'users orders items events city t t1 t2 tab test foo public.film app.accounts employees products customers "Order" "user" log_entries int_tbl text_tbl tmp_x my_schema.my_table sensor_data stock author book'.split(
    ' ',
  );
const grammar = new Map(
  Object.entries({ ...postgresGrammar, ...dialectsGrammar }).map(([rule, shapes]) => [
    rule,
    shapes.split('\n'),
  ]),
);
const deepest = 7;
const remarks = [
  ...[
    'fail',
    'should fail',
    'error',
    "error, can't do that",
    'ok',
    "doesn't work",
    'must be empty',
    'no rows',
  ],
  ...[
    'should be: 1, 2, 3',
    'returns "x"',
    'fails (type mismatch)',
    'TODO: remove',
    "it's a no-op",
    'see above;',
  ],
  ...["where id = 1 isn't used", 'and again', 'or not', 'order by default', 'limit of 10', 'select all', ''],
  ...[
    '---------------',
    "'quoted'",
    'bug #123',
    '(a, b)',
    'same, but lower(name)',
    'expect 5',
    'union of both',
  ],
] as const;

/** An honest statement of one of many databases: as tests, migrations, programs and people write them. */
export function honestStatement(random: Random): string {
  return dress(expand(random.chance(0.62) ? 'statement' : 'dialect', random, 0), random);
}

/** A short statement as a script builds it around a value. */
export function programStatement(random: Random): string {
  return dress(expand('program', random, 0), random);
}

function expand(rule: string, random: Random, depth: number): string {
  if (rule === 'n') return String(random.below(10 ** (1 + random.below(3 + random.below(3)))));
  if (rule === 'n1') return String(1 + random.below(9));
  if (rule === 'w') return random.pick(words);
  if (rule === 'c') return random.pick(columns);
  if (rule === 't') return random.pick(tables);
  const shapes = grammar.get(rule)!;
  const shape = depth > deepest ? shapes[0]! : random.pick(shapes);
  return shape
    .replaceAll('¶', '\n')
    .replace(/<(\??)([a-z]\w*)>/g, (all, maybe: string, name: string) =>
      !isRule(name)
        ? all
        : maybe === '?' && (depth > deepest || random.chance(0.5))
          ? ''
          : expand(name, random, depth + 1),
    );
}

function isRule(name: string): boolean {
  return grammar.has(name) || ['n', 'n1', 'w', 'c', 't'].includes(name);
}

/** Case, line breaks, comments and ends as different people write them. */
function dress(statement: string, random: Random): string {
  let text = statement;
  const way = random.next();
  if (way < 0.3) text = outsideStrings(text, (part) => part.toLowerCase());
  else if (way < 0.36) text = outsideStrings(text, (part) => part.toUpperCase());
  if (random.chance(0.25)) {
    const indent = random.pick(['\n', '\n  ', '\n\t', '\r\n    ', '\n       ']);
    text = text.replace(
      / (FROM|WHERE|AND|OR|ORDER BY|GROUP BY|JOIN|LEFT JOIN|WHEN|ELSE|UNION|VALUES|SET)\b/gi,
      `${indent}$1`,
    );
  }
  if (random.chance(0.1))
    text = text.replace(/(?<![\w.'"$@])([a-z_]\w*)\.([a-z_]\w*)(?![\w.'"(])/gi, '"$1"."$2"');
  if (random.chance(0.1)) {
    text = text
      .replace(/\b(SELECT|WHERE|GROUP BY|ORDER BY|HAVING) /gi, '$1\n  ')
      .replace(/ (FROM|WHERE|GROUP BY|ORDER BY|LIMIT|AND|OR|UNION ALL|UNION)\b/gi, '\n$1')
      .replace(/, (?=[\w"]+[.,])/g, ',\n  ');
  }
  if (random.chance(0.1)) text = text.replace(/, /g, ',').replace(/ = /g, '=');
  if (random.chance(0.08)) {
    const remark = random.pick(remarks);
    text = random.chance(0.5)
      ? text.replace(/,? (?=FROM|WHERE|AND|from|where|and)/, (blank) => `${blank} -- ${remark}\n`)
      : text.replace(' ', ` /* ${remark} */ `);
  }
  if (random.chance(0.1)) text = `--\n-- ${random.pick(remarks)}\n--\n${text}`;
  else if (random.chance(0.05)) text = `/* ${random.pick(remarks)} */\n${text}`;
  if (random.chance(0.45)) text += ';';
  if (random.chance(0.14)) {
    const sign = random.pick(['--', '-- ', '-- ', '-- ', '   -- ', ' --', ' /* ']);
    text += ` ${sign}${random.pick(remarks)}${sign.includes('*') ? ' */' : ''}`;
    if (random.chance(0.3)) text += '\n';
  }
  return text;
}

function outsideStrings(text: string, change: (part: string) => string): string {
  return text.replace(/'(?:[^']|'')*'|"[^"]*"|\$\w*\$[\s\S]*?\$\w*\$|[^'"$]+|[\s\S]/g, (part) =>
    /^['"$]/.test(part) ? part : change(part),
  );
}
