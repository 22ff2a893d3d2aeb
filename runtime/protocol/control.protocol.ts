/** The control plane: control socket for the CLI, admin listener for metrics and health. */
export interface ControlProtocol {
  addresses(request: null): { readonly socket: string; readonly adminUrl: string };
  /** Told by the daemon once ready, so that /readyz and `status` can say where the API is. */
  ready(request: { readonly url: string }): void;
}
