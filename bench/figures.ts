/** The value below which the share `part` of the figures lies. */
export function quantile(figures: readonly number[], part: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

/** `12 (11 to 14)`: the median of several runs, and what the best and the worst of them had. */
export function withSpread(runs: readonly number[], digits = 0): string {
  const text = (figure: number): string => figure.toFixed(digits);
  return `${text(quantile(runs, 0.5))} (${text(Math.min(...runs))} to ${text(Math.max(...runs))})`;
}
