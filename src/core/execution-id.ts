const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** `20261121-114502-k7xmqp`: sorts by time, can be read out on the phone, and fits keys, file names and addresses. */
export function newExecutionId(epochMilliseconds: number, random: () => number): string {
  const [date, time] = new Date(epochMilliseconds).toISOString().slice(0, 19).split('T');
  const letters = Array.from(
    { length: 6 },
    () => ALPHABET[Math.floor(random() * ALPHABET.length)],
  ).join('');
  return `${(date ?? '').replaceAll('-', '')}-${(time ?? '').replaceAll(':', '')}-${letters}`;
}
