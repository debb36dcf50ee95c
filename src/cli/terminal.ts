import type picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where a command speaks: data goes to `out`, so that it can be piped on; everything else is talk. */
export interface Terminal {
  /** Standard output, one line or more. */
  out(text: string): void;
  /** Standard error, one line or more. */
  talk(text: string): void;
  /** Draws over what the last call drew, or wipes it away with nothing; only where `live`. */
  redraw(lines: readonly string[]): void;
  /** Standard output is a screen: a picture may be drawn over. */
  readonly live: boolean;
  /** Somebody sits there to answer questions. */
  readonly interactive: boolean;
  readonly width: number;
  readonly colors: Colors;
  ask(question: string): Promise<string>;
}
