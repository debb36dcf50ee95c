const HEX = '0123456789abcdef';

/** A dashed GUID drawn from the given source, so that a seeded run draws the same again. */
export function newGuid(random: () => number): string {
  let digits = '';
  for (let left = 32; left > 0; left -= 1) digits += HEX.charAt(Math.floor(random() * 16));
  const [a, b, c, d, e] = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(13, 16),
    digits.slice(17, 20),
    digits.slice(20),
  ];
  return `${a}-${b}-4${c}-a${d}-${e}`;
}
