import { hash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { moduleUrl } from '../../../runtime/placement/module-url.ts';
import type { StatementFacts } from './statement-facts.ts';

const longestBytes = 65_536;
const mostWaiting = 256;
const mostRemembered = 5000;
const parseMs = 2000;
/** For a thread to start and to load the parser, on a machine that does much else. */
const startMs = 30_000;

interface Waiting {
  resolve(facts: StatementFacts): void;
  reject(error: MagFlockError): void;
  timer: NodeJS.Timeout;
}

type Message = 'ready' | { readonly id: number; readonly facts: StatementFacts };

/**
 * Reads statements with PostgreSQL's own parser, in a thread of its own: a text that crashes or stalls the parser ends
 * that thread and nothing else, and the next text gets a new one. What was read once is remembered.
 */
export class SqlCheck {
  readonly #remembered = new LRUCache<string, StatementFacts>({ max: mostRemembered });
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  /** The thread has loaded the parser. */
  #ready = false;
  #last = 0;
  #closed = false;

  /**
   * @param text hostile
   * @throws MF674 when it is too long or cannot be read, MF664 when too many wait
   */
  async facts(text: string): Promise<StatementFacts> {
    if (Buffer.byteLength(text) > longestBytes) throw unreadable('it is longer than 64 kB');
    if (text.includes('\0')) throw unreadable('it holds a zero byte');
    const key = hash('sha256', text, 'base64');
    const remembered = this.#remembered.get(key);
    if (remembered !== undefined) return remembered;
    const facts = await this.#ask(text);
    this.#remembered.set(key, facts);
    return facts;
  }

  /** Ends the thread; what waits is refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#end(unreadable('the check of statements is closed'));
  }

  #ask(text: string): Promise<StatementFacts> {
    if (this.#closed) throw unreadable('the check of statements is closed');
    if (this.#waiting.size >= mostWaiting) {
      throw new MagFlockError('MF664', `${mostWaiting} statements wait to be checked.`, {
        details: { limit: 'sqlCheck', max: mostWaiting },
      });
    }
    this.#worker ??= this.#start();
    const worker = this.#worker;
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      const timer = this.#limit(this.#ready ? parseMs * (1 + this.#waiting.size) : startMs);
      this.#waiting.set(id, { resolve, reject, timer });
      worker.postMessage({ id, text });
    });
  }

  #limit(ms: number): NodeJS.Timeout {
    return setTimeout(() => void this.#end(unreadable('it takes too long to read')), ms);
  }

  /** Statements are read one after the other: the time of one that waits covers those before it. */
  #begin(): void {
    this.#ready = true;
    let before = 0;
    for (const one of this.#waiting.values()) {
      clearTimeout(one.timer);
      before += 1;
      one.timer = this.#limit(parseMs * before);
    }
  }

  #start(): Worker {
    const worker = new Worker(moduleUrl('./sql-check.worker', import.meta.url), {
      env: {},
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 256, stackSizeMb: 4 },
    });
    worker.unref();
    worker.on('message', (message: Message) => {
      if (this.#worker !== worker) return;
      if (message === 'ready') return this.#begin();
      const { id, facts } = message;
      const one = this.#waiting.get(id);
      this.#waiting.delete(id);
      clearTimeout(one?.timer);
      one?.resolve(facts);
    });
    worker.on('error', () => {});
    worker.once('exit', () => {
      if (this.#worker === worker) void this.#end(unreadable('the parser gave up on it'));
    });
    return worker;
  }

  async #end(error: MagFlockError): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#ready = false;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
    await worker?.terminate();
  }
}

function unreadable(why: string): MagFlockError {
  return new MagFlockError('MF674', `The statement is refused: ${why}.`, { details: { reason: why } });
}
