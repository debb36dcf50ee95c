/** mulberry32: small, fast, and the same on every machine. Seeds give independent streams. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A GUID drawn from `random`, so that two runs with one seed give the same ids. */
export function seededGuid(random: () => number): string {
  const digits = (count: number): string => {
    let text = '';
    for (let left = count; left > 0; left -= 1) text += HEX.charAt(Math.floor(random() * 16));
    return text;
  };
  return `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`;
}

const HEX = '0123456789abcdef';
