import { PostgrestClient } from '@supabase/postgrest-js';
import type { Database, Enums, Tables, TablesInsert, TablesUpdate } from './shop-database.generated.ts';

const client = new PostgrestClient<Database>('http://localhost');

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_Claim extends true>(): void => {};

export async function program(): Promise<void> {
  const { data: customers } = await client.from('customer').select();
  const first = customers?.[0];
  if (first === undefined) return;
  holds<Equal<typeof first.id, number>>();
  holds<Equal<typeof first.mood, Enums<'mood'> | null>>();
  holds<Equal<typeof first.moods, Enums<'mood'>[]>>();
  holds<Equal<(typeof first)['last seen'], string | null>>();
  // @ts-expect-error: a column that is not in the table is not in the answer
  first.password;
  // @ts-expect-error: a computed column comes only when it is asked for
  first.label;

  const { data: labelled } = await client.from('customer').select('id, label').single();
  if (labelled !== null) holds<Equal<typeof labelled, { id: number; label: string | null }>>();

  const { data: purchases } = await client
    .from('purchase')
    .select('id, customer!purchase_customer_id_fkey(email), friend:customer!purchase_gift(email)');
  const purchase = purchases?.[0];
  if (purchase !== undefined) {
    holds<Equal<typeof purchase.customer, { email: string }>>();
    holds<Equal<typeof purchase.friend, { email: string } | null>>();
    // @ts-expect-error: what was not selected is not in the answer
    purchase.paid;
  }

  const { data: people } = await client.from('customer').select('id, profile(about), glad:glad_customer(id)');
  const person = people?.[0];
  if (person !== undefined) holds<Equal<typeof person.profile, { about: string | null } | null>>();

  await client.from('customer').insert({ email: 'a@b' });
  // @ts-expect-error: a row without a column that has no default is not accepted
  await client.from('customer').insert({ mood: 'glad' });
  // @ts-expect-error: an identity that is always made is not accepted
  await client.from('customer').insert({ email: 'a@b', id: 1 });
  // @ts-expect-error: a generated column is not accepted
  await client.from('customer').update({ shouted: 'A' });
  // @ts-expect-error: a value that is none of the enum is not accepted
  await client.from('customer').update({ mood: 'angry' });
  await client.from('glad_customer').update({ email: 'c@d' });
  // @ts-expect-error: a view that cannot be written is not written
  await client.from('purchase_count').insert({ purchases: 1 });
  // @ts-expect-error: a table that is not there is not asked
  client.from('nobody');
  client.schema('stock').from('item');
  // @ts-expect-error: a table of another schema is not asked without naming that
  client.from('item');

  const { data: greeting } = await client.rpc('greet', { name: 'you' });
  holds<Equal<typeof greeting, string | null>>();
  // @ts-expect-error: a function is not called without a parameter that has no default
  await client.rpc('greet', { times: 2 });
  const { data: top } = await client.rpc('top_customers', { ids: [1] });
  holds<Equal<typeof top, { id: number; total: number }[] | null>>();
  const { data: alike } = await client.rpc('customers_like', { pattern: 'a%' }).select('id, profile(about)');
  if (alike?.[0] !== undefined) holds<Equal<(typeof alike)[0]['id'], number>>();
  const { data: over } = await client.rpc('overloaded', { a: 1 });
  holds<Equal<typeof over, string | null>>();
  // @ts-expect-error: a function that no request can call is not called
  await client.rpc('not_callable', { '': 1 });
}

export const row: Tables<'purchase'> = {
  ...{ id: '', customer_id: 1, gift_for: null, stars: 3, valid: '[,)', picture: null, paid: true },
};
export const added: TablesInsert<'profile'> = { customer_id: 1 };
export const changed: TablesUpdate<'profile'> = {};
export const item: Tables<{ schema: 'stock' }, 'item'> = { id: 1, customer_id: null };
// @ts-expect-error: a row lacks no column
export const lacking: Tables<'profile'> = { customer_id: 1 };
