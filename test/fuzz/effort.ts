/** How hard to try: `npm test` takes a few fixed cases, `npm run fuzz -- --runs N` many, and other ones each time. */
export function effort(few: number): { numRuns: number; seed: number; endOnFailure: boolean } {
  const { FUZZ_RUNS, FUZZ_SEED } = process.env;
  return {
    numRuns: FUZZ_RUNS === undefined ? few : Number(FUZZ_RUNS),
    seed: FUZZ_SEED === undefined ? 1 : Number(FUZZ_SEED),
    // One run of a whole failover takes too long to try smaller ones; a seed repeats it.
    endOnFailure: few < 50,
  };
}

/** A test of so many cases takes its time. */
export function patience(few: number): number {
  return 60_000 + 2_000 * effort(few).numRuns;
}
