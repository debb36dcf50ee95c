import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evidence } from '../../src/report/evidence.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';

const FOLDER = join('.local', 'evidence');

/** Writes the evidence as JSON and as a page beside it; returns the path of the former. */
export async function keepEvidence(evidence: Evidence, folder = FOLDER): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = await freePath(join(folder, evidence.execution.id));
  await writeFile(path, `${JSON.stringify(evidence, null, 2)}\n`);
  await writeFile(path.replace(/json$/, 'md'), renderMarkdown(evidence));
  return path;
}

/** Two demos of one seed that begin within half a minute have the same id, and each keeps its own evidence. */
async function freePath(stem: string): Promise<string> {
  for (let copy = 1; ; copy += 1) {
    const path = `${stem}${copy === 1 ? '' : `-${copy}`}.json`;
    const taken = await access(path).then(
      () => true,
      () => false,
    );
    if (!taken) return path;
  }
}
