import type { Component } from './component.ts';

/** A component that comes from outside the machine: it says what it needs and can be taken out again. */
export interface Extension extends Component {
  /** Parts that must be ready before it starts. */
  readonly requiredComponents: readonly string[];
  /** Capabilities the operator must have granted. */
  readonly requiredCapabilities: readonly string[];
  install(): Promise<void>;
  uninstall(): Promise<void>;
}
