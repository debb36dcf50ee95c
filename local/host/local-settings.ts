import { readFileSync } from 'node:fs';
import { z } from 'zod';

const schema = z.object({
  Values: z.record(z.string(), z.string()).default({}),
  /** The local host's own: function keys and who may sign in. Core Tools passes them over. */
  LocalHost: z
    .object({
      keys: z.record(z.string(), z.string()).optional(),
      principals: z
        .record(
          z.string(),
          z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) }),
        )
        .optional(),
    })
    .default({}),
});

export type LocalSettings = z.infer<typeof schema>;

/** Reads a local.settings.json as Core Tools does; a missing file sets nothing. */
export function readLocalSettings(file: string): LocalSettings {
  const text = readIfThere(file);
  return schema.parse(text === null ? {} : JSON.parse(text));
}

export function readHostJson(file: string): unknown {
  return JSON.parse(readIfThere(file) ?? '{}');
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new Error(`${file} cannot be read.`, { cause: error });
  }
}
