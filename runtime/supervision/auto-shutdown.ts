/**
 * Whether a supervisor ends when a significant child has ended by itself and is not restarted: `never`, at the
 * first one, or at the last one that lived. OTP's `auto_shutdown`.
 */
export type AutoShutdown = 'never' | 'any_significant' | 'all_significant';
