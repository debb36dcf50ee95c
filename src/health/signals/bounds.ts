/** Beyond which values a number is bad. */
export interface Bounds {
  readonly above?: number;
  readonly below?: number;
}

/** `above 5`; null while the value is within. */
export function beyond(value: number, { above, below }: Bounds): string | null {
  if (above !== undefined && value > above) return `above ${above}`;
  if (below !== undefined && value < below) return `below ${below}`;
  return null;
}

export function judgeNumber(
  what: string,
  value: number,
  bounds: Bounds,
): { readonly as: 'good' | 'bad'; readonly sees: string } {
  const out = beyond(value, bounds);
  const sees = `${what} ${Number(value.toFixed(3))}`;
  return out === null ? { as: 'good', sees } : { as: 'bad', sees: `${sees}, ${out}` };
}
