import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { CrashPoint } from '../../local/host/durable/hub.ts';
import type { Blobs } from '../../src/records/blobs.ts';
import type { Change, Tables } from '../../src/records/tables.ts';

/** The files by which a test and the host that it kills speak of boundaries. */
export interface BoundaryFiles {
  /** Every boundary that was reached, one a line. */
  readonly reached: string;
  /** The boundaries at which to die, one a line. Each is taken out as it is obeyed, so that the next process goes on. */
  readonly deadly: string;
}

/** Where a death makes a difference: before and after each write that outlives the process. */
export interface Boundaries {
  readonly commit: (point: CrashPoint) => void;
  tables(inner: Tables): Tables;
  blobs(inner: Blobs): Blobs;
}

export function createBoundaries(files: BoundaryFiles): Boundaries {
  const counts = new Map<string, number>();
  const pass = (name: string): void => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const boundary = `${name} #${count}`;
    appendFileSync(files.reached, `${boundary}\n`);
    const deadly = deadlyOf(files);
    if (!deadly.includes(boundary)) return;
    writeFileSync(files.deadly, deadly.filter((one) => one !== boundary).join('\n'));
    process.kill(process.pid, 'SIGKILL');
  };
  const around = async <T>(name: string, write: () => Promise<T>): Promise<T> => {
    pass(`before ${name}`);
    const written = await write();
    pass(`after ${name}`);
    return written;
  };
  return {
    // One commit is all or nothing, and the next thing to happen is another boundary.
    commit: ({ by, instance }) => pass(`before ${by} of ${withoutIds(instance)}`),
    tables: (inner) => ({
      ...inner,
      write: (table, partition, changes) =>
        around(`${table}: ${rowsOf(changes)}`, () => inner.write(table, partition, changes)),
    }),
    blobs: (inner) => ({
      ...inner,
      put: (...given) => around(`document ${withoutIds(given[1])}`, () => inner.put(...given)),
      create: (...given) =>
        around(`document ${withoutIds(given[1])}`, () => inner.create(...given)),
    }),
  };
}

function deadlyOf({ deadly }: BoundaryFiles): readonly string[] {
  return existsSync(deadly) ? readFileSync(deadly, 'utf8').split('\n') : [];
}

/** Events by their type, other rows by their key: the same name in every run. */
function rowsOf(changes: readonly Change[]): string {
  const names = changes.map((change) => {
    const type = 'value' in change ? change.value['type'] : undefined;
    const [kind = '', stream = ''] = change.row.split('~');
    return kind === 'event' && typeof type === 'string'
      ? `${stream} ${type}`
      : withoutIds(change.row);
  });
  return [...new Set(names)].join(', ');
}

/** Ids, times, and the numbers of events: a death adds some. */
function withoutIds(text: string): string {
  return text
    .replace(/\d{8}-\d{6}-\w{6}/g, 'ID')
    .replace(/-nic-[0-9a-f]+/g, '-nic-X')
    .replace(/\d{13}/g, 'TIME')
    .replace(/(?<=[/-])\d{6}(?=\.)/g, 'N')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'GUID');
}
