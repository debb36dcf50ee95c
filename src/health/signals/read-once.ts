import { AzureError } from '../../azure/errors.ts';
import { within } from '../../azure/within.ts';
import { messageOf } from '../../core/errors.ts';
import type { Look } from '../look.ts';
import type { Reader } from './source.ts';

/** What a read told, or for people why it told nothing, whatever went wrong: nobody else's read may suffer from it. */
export type Found<T> =
  | { readonly is: 'read'; readonly value: T }
  | { readonly is: 'trouble'; readonly words: string; readonly error: unknown };

export interface Limits {
  /** How many reads are under way together. */
  readonly together: number;
  /** One that takes longer is given up. */
  readonly seconds: number;
}

/**
 * Reads of Azure. A few that hang (a region's control plane is down) leave room for the others; how many go in a second
 * is for the budget of `src/azure` to say.
 */
export const OF_AZURE: Limits = { together: 100, seconds: 10 };

/** People read it in one line of a page. */
const LONGEST_WORDS = 240;

/** Reads what the keys stand for, each once however many ask for it, and tells by the key. */
export async function readOnce<W, T>(
  { clock, until }: Pick<Reader, 'clock' | 'until'>,
  wanted: readonly W[],
  keyOf: (one: W) => string,
  read: (one: W) => Promise<T>,
  { together, seconds }: Limits = OF_AZURE,
): Promise<(one: W) => Found<T>> {
  const asked = Map.groupBy(wanted, keyOf);
  const found = new Map<string, Found<T>>();
  const queue = asked.entries();
  const work = async (): Promise<void> => {
    for (const [key, [one]] of queue) {
      if (one === undefined) continue;
      const milliseconds = Math.min(seconds * 1000, until - clock.now());
      found.set(
        key,
        milliseconds > 0
          ? await attempt(() => within(clock, milliseconds, undefined, () => read(one)))
          : LATE,
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, asked.size) }, work));
  return (one) => found.get(keyOf(one)) ?? LATE;
}

const LATE = { is: 'trouble', words: 'there was no time left to ask', error: null } as const;

async function attempt<T>(read: () => Promise<T>): Promise<Found<T>> {
  try {
    return { is: 'read', value: await read() };
  } catch (error) {
    const words = messageOf(error);
    const short =
      words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS - 1).trimEnd()}…` : words;
    return { is: 'trouble', words: short, error };
  }
}

/** Whether Azure answered at all, if only to say no: its silence may be our own network's. */
export function isHeard(found: Found<unknown>): boolean {
  return found.is === 'read' || (found.error instanceof AzureError && found.error.status !== null);
}

/** Trouble as a look: it tells nothing of a site, but perhaps that nothing can be heard here at all. */
export function unclear(
  found: Extract<Found<unknown>, { readonly is: 'trouble' }>,
): Pick<Look, 'as' | 'sees' | 'silent'> {
  return { as: 'unclear', sees: found.words, ...(isHeard(found) ? {} : { silent: true }) };
}
