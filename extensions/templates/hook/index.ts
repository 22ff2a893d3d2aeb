import { defineExtension } from '@magflock/sdk';
import manifest from './magflock.extension.json' with { type: 'json' };

type Row = Readonly<Record<string, unknown>>;

export default defineExtension(manifest, {
  onBefore({ body }) {
    // A create may bring one row or several.
    const rows = (Array.isArray(body) ? body : [body]) as readonly Row[];
    for (const { email } of rows) {
      if (typeof email === 'string' && !email.includes('@')) {
        return { refuse: { status: 422, message: `"${email}" is no address.` } };
      }
    }
    const tidy = rows.map((row) => (typeof row['email'] === 'string' ? tidied(row, row['email']) : row));
    return { body: Array.isArray(body) ? tidy : tidy[0] };
  },
});

function tidied(row: Row, email: string): Row {
  return { ...row, email: email.trim().toLowerCase() };
}
