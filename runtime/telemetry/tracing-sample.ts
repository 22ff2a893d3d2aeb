/** Is this trace kept? The same answer everywhere: it depends on the trace id only (its last 32 bits are random). */
export function isSampled(traceId: string, percent: number): boolean {
  return percent >= 100 || Number.parseInt(traceId.slice(-8), 16) < (percent / 100) * 0x1_0000_0000;
}
