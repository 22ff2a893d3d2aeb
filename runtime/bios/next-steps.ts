import { resolve } from 'node:path';

export interface NextStepsOptions {
  /** Base address of the public listener. */
  readonly url: string;
  readonly dataDir: string;
  readonly cwd: string;
  /** The secret key where it may be printed, else the file it stands in; undefined after the first run. */
  readonly secret: { readonly key: string } | { readonly file: string } | undefined;
}

/** Commands for the next five minutes. Each works as it stands when pasted into a shell in the same folder. */
export function nextSteps({ url, dataDir, cwd, secret }: NextStepsOptions): readonly string[] {
  const data = dataDir === resolve(cwd, '.magflock') ? '' : ` --data ${quoted(dataDir)}`;
  if (secret === undefined) return [`npx magflock status${data}`];
  const key = 'key' in secret ? secret.key : `$(sed -n 's/^secret //p' ${quoted(secret.file)})`;
  return [
    `npx magflock sql "create table notes (id serial primary key, title text not null)"${data}`,
    `curl ${url}/api/notes -H "X-API-Key: ${key}" -H "Content-Type: application/json" -d '{"title": "milk"}'`,
    `npx magflock logs${data}`,
  ];
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return /^[A-Za-z0-9_./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
