/** `1 machine`, `3 machines`: for sentences, of nouns that only take an s. */
export function counted(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
