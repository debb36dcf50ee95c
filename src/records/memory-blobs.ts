import type { Blobs, ContainerName } from './blobs.ts';

export interface MemoryBlobs extends Blobs {
  snapshot(): BlobsSnapshot;
  restore(snapshot: BlobsSnapshot): void;
  /** As for tables: `before` throws for a write that never arrived, `after` for one whose answer was lost. */
  onWrite(hook: BlobWriteHook): () => void;
}

export interface BlobWriteHook {
  before?(write: BlobWrite): void | Promise<void>;
  after?(write: BlobWrite): void | Promise<void>;
}

export interface BlobWrite {
  readonly container: ContainerName;
  readonly name: string;
  readonly text: string;
}

export type BlobsSnapshot = readonly (readonly [name: string, text: string])[];

/** Blobs in memory, for tests and simulations. */
export function createMemoryBlobs(turn: () => Promise<void> = nextTurn): MemoryBlobs {
  const texts = new Map<string, string>();
  const hooks = new Set<BlobWriteHook>();

  async function write(blob: BlobWrite, when: () => boolean): Promise<boolean> {
    await turn();
    for (const hook of hooks) await hook.before?.(blob);
    const written = when();
    if (written) texts.set(`${blob.container}/${blob.name}`, blob.text);
    for (const hook of hooks) await hook.after?.(blob);
    await turn();
    return written;
  }

  return {
    async get(container, name) {
      await turn();
      return texts.get(`${container}/${name}`) ?? null;
    },

    async put(container, name, text) {
      await write({ container, name, text }, () => true);
    },

    create: (container, name, text) =>
      write({ container, name, text }, () => !texts.has(`${container}/${name}`)),

    async list(container, prefix) {
      await turn();
      const start = `${container}/${prefix}`;
      return [...texts.keys()]
        .filter((name) => name.startsWith(start))
        .map((name) => name.slice(container.length + 1))
        .sort();
    },

    snapshot: () => [...texts],

    restore(snapshot) {
      texts.clear();
      for (const [name, text] of snapshot) texts.set(name, text);
    },

    onWrite(hook) {
      hooks.add(hook);
      return () => {
        hooks.delete(hook);
      };
    },
  };
}

async function nextTurn(): Promise<void> {
  await Promise.resolve();
}
