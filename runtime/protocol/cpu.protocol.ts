/** One CPU thread. */
export interface CpuProtocol {
  /** Begins to accept connections; answers with the address really bound. */
  listen(request: { readonly host: string; readonly port: number }): {
    readonly host: string;
    readonly port: number;
  };
  /** Stops accepting, finishes what is in flight, closes idle connections. */
  drain(request: { readonly timeoutMs: number }): { readonly finished: number; readonly forced: number };
}
