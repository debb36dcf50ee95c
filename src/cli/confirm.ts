import type { CliContext } from './context.ts';
import { EXIT, Failure } from './failure.ts';

export interface Confirmation {
  /** What has to be typed: the name of what is put at risk. */
  readonly name: string;
  /** The value of --confirm. */
  readonly given: string | undefined;
  /** --yes was given, where it is enough. */
  readonly yes: boolean;
  readonly input: boolean;
}

/** Returns when the caller has said that it is meant; nothing has been sent before that. */
export async function confirmed(
  { name, given, yes, input }: Confirmation,
  { terminal }: CliContext,
): Promise<void> {
  if (given !== undefined) {
    if (given === name) return;
    throw new Failure(
      EXIT.usage,
      `--confirm says ${given}, but this is ${name}. Nothing was sent.`,
    );
  }
  if (yes) return;
  if (!input || !terminal.interactive) {
    throw new Failure(
      EXIT.usage,
      `Nobody is here to confirm, so nothing was sent. Add --confirm ${name}`,
    );
  }
  const typed = await terminal.ask(`Type ${name} to go ahead: `);
  if (typed.trim() !== name) throw new Failure(EXIT.usage, 'Not confirmed. Nothing was sent.');
}
