import type { Dice } from './dice.ts';
import type {
  FuzzColumn,
  FuzzForeignKey,
  FuzzGrants,
  FuzzSchema,
  FuzzTable,
  Kind,
  Policy,
} from './fuzz-schema.ts';
import { kinds } from './kinds.ts';
import { literal } from './quote.ts';

const plainKinds = Object.keys(kinds) as Kind[];
const tableNames = ['items', 'Orders', 'line items', 'user', 'tag"s', 'naïve'];
const columnNames = [
  ...['label', 'two words', 'quo"te', 'Ünï', 'user', 'group', 'a.b', 'x(y)', 'c,d', 'e:f', '$dollar'],
  ...['not', 'is', 'count', 'back\\slash', "it's", 'plain', 'dash-ed', 'MiXed', '1st'],
];
export const owners = ['u1', 'u2', 'u3'];

/** A random small database. @param roles whose rights are random */
export function randomSchema(dice: Dice, roles: readonly string[]): FuzzSchema {
  const tables: FuzzTable[] = [];
  const names = dice.some(tableNames, 60).slice(0, 4);
  while (names.length < 2) names.push(['first', 'second'][names.length] as string);
  for (const name of names) tables.push(randomTable(dice, name, tables, roles));
  const [one, other] = [tables[0] as FuzzTable, tables[1] as FuzzTable];
  if (dice.chance(60)) tables.push(junction(dice, one, other, roles));
  if (dice.chance(50)) tables.push(view(dice, dice.pick(tables), roles));
  return { tables };
}

function randomTable(
  dice: Dice,
  name: string,
  others: readonly FuzzTable[],
  roles: readonly string[],
): FuzzTable {
  const composite = dice.chance(25);
  const key = composite ? ['k1', 'k2'] : ['id'];
  const columns: FuzzColumn[] = key.map((column) => ({ name: column, kind: 'int' }));
  columns.push({ name: 'owner', kind: 'text' });
  for (const column of dice.some(columnNames, 20)) {
    columns.push({ name: column, kind: dice.pick(plainKinds) });
  }
  const foreignKeys: FuzzForeignKey[] = [];
  const targets = [...others, ...(composite ? [] : [{ name, key }])];
  for (const target of dice.some(targets, 55)) {
    const number = foreignKeys.length + 1;
    const fkColumns = target.key.map((column) => `fk${number}_${column}`);
    for (const column of fkColumns) columns.push({ name: column, kind: 'int' });
    foreignKeys.push({
      name: `${dice.chance(30) ? 'odd key ' : 'fk_'}${name.replaceAll('"', '')}_${number}`,
      columns: fkColumns,
      target: target.name,
      targetColumns: target.key,
      unique: dice.chance(20),
    });
  }
  const find = (target: string) => others.find((table) => table.name === target);
  const rows: string[][] = [];
  const count = dice.int(0, 8);
  for (let row = 0; row < count; row++) {
    const values = new Map<string, string>(
      composite
        ? [
            ['k1', String(row % 3)],
            ['k2', String(Math.floor(row / 3))],
          ]
        : [['id', String(row + 1)]],
    );
    values.set('owner', literal(dice.pick(owners)));
    for (const { columns: own, target, targetColumns, unique } of foreignKeys) {
      const table = find(target);
      const candidates = table === undefined ? rows : table.rows;
      const all = table?.columns ?? columns;
      // A unique key is used once: row by row.
      const chosen = unique ? candidates[row] : candidates[dice.int(0, candidates.length)];
      for (const [index, column] of own.entries()) {
        const at = all.findIndex(({ name }) => name === targetColumns[index]);
        values.set(column, chosen?.[at] ?? 'null');
      }
    }
    rows.push(
      columns.map(
        ({ name, kind }) =>
          values.get(name) ?? (dice.chance(15) ? 'null' : literal(dice.pick(kinds[kind].values))),
      ),
    );
  }
  return {
    name,
    columns,
    key,
    foreignKeys,
    rows,
    ...rights(dice, columns, roles),
    function: dice.chance(40)
      ? { name: `rows_of_${name.replaceAll(/\W/g, '_')}`, roles: dice.some(roles, 70) }
      : undefined,
  };
}

function junction(dice: Dice, one: FuzzTable, other: FuzzTable, roles: readonly string[]): FuzzTable {
  const keys = [one, other].map((target, index) => ({
    name: `join_${index + 1}`,
    columns: target.key.map((column) => `j${index + 1}_${column}`),
    target: target.name,
    targetColumns: target.key,
    unique: false,
  }));
  const key = keys.flatMap(({ columns }) => columns);
  const columns: FuzzColumn[] = [
    ...key.map((name) => ({ name, kind: 'int' as const })),
    { name: 'owner', kind: 'text' },
  ];
  const rows = one.rows.flatMap((left) =>
    dice
      .some(other.rows, 35)
      .map((right) => [
        ...one.key.map((_, at) => left[at] as string),
        ...other.key.map((_, at) => right[at] as string),
        literal(dice.pick(owners)),
      ]),
  );
  return { name: 'joined', columns, key, foreignKeys: keys, rows, ...rights(dice, columns, roles) };
}

function view(dice: Dice, base: FuzzTable, roles: readonly string[]): FuzzTable {
  const shown = base.columns.filter(({ name }) => base.key.includes(name) || dice.chance(60));
  return {
    name: 'shown',
    base: base.name,
    invoker: dice.chance(50),
    columns: shown,
    key: base.key,
    foreignKeys: [],
    rows: [],
    ...rights(dice, shown, roles),
    rowSecurity: false,
  };
}

function rights(
  dice: Dice,
  columns: readonly FuzzColumn[],
  roles: readonly string[],
): Pick<FuzzTable, 'rowSecurity' | 'policies' | 'grants'> {
  const names = columns.map(({ name }) => name);
  const grant = (all: number, part: number): FuzzGrants['select'] => {
    const thrown = dice.int(1, 100);
    if (thrown <= all) return 'all';
    return thrown <= all + part ? dice.some(names, 70) : 'none';
  };
  const of = <Right>(make: () => Right) => Object.fromEntries(roles.map((role) => [role, make()]));
  return {
    rowSecurity: dice.chance(60),
    policies: of(() => dice.pick<Policy>(['all', 'own', 'own', 'some', 'none'])),
    grants: of(() => ({
      select: grant(86, 10),
      insert: grant(65, 20),
      update: grant(65, 20),
      delete: dice.chance(65),
    })),
  };
}
