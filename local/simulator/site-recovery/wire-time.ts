/** Seven decimals, as Site Recovery writes most times. */
export function fine(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace('Z', '0000Z');
}

/** Ends are cut to whole seconds. */
export function whole(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A time that was never set. */
export const UNSET = '0001-01-01T00:00:00';
export const NO_SCENARIO_SINCE = '1753-01-01T01:01:01Z';
