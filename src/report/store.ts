import type { Blobs } from '../records/blobs.ts';
import type { Evidence } from './evidence-schema.ts';
import { renderMarkdown } from './markdown.ts';

/**
 * Writes evidence into the evidence container, for machines and for people. Its number is that of its events: storing
 * the same record again changes nothing, and later evidence sorts after earlier.
 */
export async function storeEvidence(blobs: Blobs, evidence: Evidence): Promise<string> {
  const number = String(evidence.events.length).padStart(6, '0');
  const name = `${evidence.execution.id}/evidence-${number}`;
  const json = JSON.stringify(evidence, null, 2);
  await blobs.create('evidence', `${name}.json`, json, 'application/json');
  await blobs.create(
    'evidence',
    `${name}.md`,
    renderMarkdown(evidence),
    'text/markdown; charset=utf-8',
  );
  return name;
}
