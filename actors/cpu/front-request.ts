import { IncomingMessage } from 'node:http';
import { type HeaderRecord, type ReadHeaders, readHeaders } from './read-headers.ts';

const absoluteForm = /^https?:\/\/(?<authority>[^/?#]*)(?<rest>.*)$/i;

/** Node's request with our header record instead of Node's, so that headers are read once, not twice. */
export class FrontRequest extends IncomingMessage {
  #authority: string | undefined = undefined;
  #read: ReadHeaders | undefined = undefined;

  /** The host that was called: of an absolute form, else of the Host header. */
  get host(): string | undefined {
    return this.#authority ?? this.readHeaders().all['host'];
  }

  /**
   * Turns the absolute form (RFC 9112 §3.2.2), which clients of proxies send, into the usual one.
   * @returns the request target, now path and query unless it was neither form
   */
  toOriginForm(): string {
    const target = this.url as string;
    if (target.charCodeAt(0) === 47) return target;
    const parts = absoluteForm.exec(target)?.groups;
    if (parts === undefined) return target;
    this.#authority = parts['authority'];
    const rest = parts['rest'] as string;
    this.url = rest.charCodeAt(0) === 47 ? rest : `/${rest}`;
    return this.url;
  }

  readHeaders(): ReadHeaders {
    this.#read ??= readHeaders(this.rawHeaders);
    return this.#read;
  }
}

// An accessor cannot be declared over what Node's types call a property.
Object.defineProperty(FrontRequest.prototype, 'headers', {
  get(this: FrontRequest): HeaderRecord {
    return this.readHeaders().all;
  },
});
