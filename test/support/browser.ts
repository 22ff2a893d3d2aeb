import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A page in a headless Chromium, driven through the DevTools protocol. */
export interface Browser extends AsyncDisposable {
  /** Addresses of all requests that the page made or tried to make; pictures in `data:` addresses are none. */
  readonly requests: string[];
  /** What the browser complained about: exceptions, errors in the console, broken security policies. */
  readonly complaints: string[];
  /** Goes to an address and waits until everything it loads is there. */
  open(url: string): Promise<void>;
  /** The value of an expression in the page; a promise is waited for. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression is true in the page. Throws with the text of the page after ten seconds. */
  until(expression: string): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: as the protocol has it
  readonly params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as the protocol has it
  readonly result?: any;
  readonly error?: { readonly message: string };
}

/**
 * Where Chromium is: `MAGFLOCK_TEST_CHROMIUM`, which then has to be there, or one on PATH.
 * @returns undefined when there is none
 */
export function findBrowser(): string | undefined {
  const named = process.env['MAGFLOCK_TEST_CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts a browser that can reach nothing but 127.0.0.1. */
export async function startBrowser(program: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'magflock-browser-'));
  const child = spawn(
    program,
    [
      ...['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--no-first-run'],
      ...['--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      // Chromium's own sandbox does not start under root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const closed = once(child, 'close');
  const end = async (): Promise<void> => {
    // The whole group: its helpers hold the profile.
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    await closed;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    return await attach(await debuggerAddress(child.stderr), end);
  } catch (thrown) {
    await end();
    throw thrown;
  }
}

async function debuggerAddress(stderr: NodeJS.ReadableStream): Promise<string> {
  const said: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      stderr.resume();
      return address;
    }
    said.push(line);
  }
  throw new Error(`The browser did not start:\n${said.join('\n')}`);
}

async function attach(address: string, end: () => Promise<void>): Promise<Browser> {
  const socket = new WebSocket(address);
  const asked = new Map<number, (message: Message) => void>();
  const requests: string[] = [];
  const complaints: string[] = [];
  let session: string | undefined;
  let last = 0;
  let loaded: (() => void) | undefined;
  await once(socket, 'open');
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) asked.get(message.id)?.(message);
    const { method, params } = message;
    if (method === 'Network.requestWillBeSent' && !params.request.url.startsWith('data:')) {
      requests.push(params.request.url);
    } else if (method === 'Runtime.exceptionThrown') complaints.push(params.exceptionDetails.text);
    else if (method === 'Log.entryAdded' && params.entry.level === 'error')
      complaints.push(params.entry.text);
    else if (method === 'Page.loadEventFired') loaded?.();
  });
  const send = (method: string, params: object = {}): Promise<Message['result']> => {
    const { promise, resolve, reject } = Promise.withResolvers<Message['result']>();
    const id = ++last;
    asked.set(id, ({ result, error }) => {
      asked.delete(id);
      if (error === undefined) resolve(result);
      else reject(new Error(`${method}: ${error.message}`));
    });
    socket.send(
      JSON.stringify({ id, method, params, ...(session === undefined ? {} : { sessionId: session }) }),
    );
    return promise;
  };
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  session = (await send('Target.attachToTarget', { targetId, flatten: true })).sessionId as string;
  for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await send(`${domain}.enable`);

  const browser: Browser = {
    requests,
    complaints,
    async open(url) {
      const { promise, resolve } = Promise.withResolvers<void>();
      loaded = resolve;
      const { errorText } = await send('Page.navigate', { url });
      if (errorText !== undefined) throw new Error(`${url}: ${errorText}`);
      await promise;
    },
    async evaluate(expression) {
      const asks = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await send('Runtime.evaluate', asks);
      if (exceptionDetails !== undefined)
        throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
      return result.value;
    },
    async until(expression) {
      const deadline = Date.now() + 10_000;
      while (!(await browser.evaluate<boolean>(`Boolean(${expression})`))) {
        if (Date.now() > deadline) {
          const text = await browser.evaluate<string>('document.body.innerText');
          throw new Error(`never true: ${expression}\n${complaints.join('\n')}\n${text.slice(0, 2000)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async [Symbol.asyncDispose]() {
      const gone = once(socket, 'close');
      await end();
      await gone;
    },
  };
  return browser;
}
