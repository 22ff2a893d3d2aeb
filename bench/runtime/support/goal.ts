/** A bound on a figure: `{ of: 'ratio', atLeast: 10 }`. */
export type Goal =
  | { readonly of: 'ratio' | 'value'; readonly atLeast: number }
  | { readonly of: 'ratio' | 'value'; readonly atMost: number };

/** `>= 10`, `<= 400`. */
export function goalText(goal: Goal): string {
  return 'atLeast' in goal ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`;
}

export function meetsGoal(
  goal: Goal,
  figure: { readonly value: number; readonly ratio: number | null },
): boolean {
  const number = goal.of === 'value' ? figure.value : (figure.ratio ?? Number.NaN);
  return 'atLeast' in goal ? number >= goal.atLeast : number <= goal.atMost;
}
