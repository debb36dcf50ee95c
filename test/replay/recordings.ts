import { readFileSync, readdirSync } from 'node:fs';
import type { Recording } from './recording.ts';

const FOLDER = new URL('../histories/', import.meta.url);

/** Every recorded history, of this orchestration version and of earlier ones, by its file. */
export function recordings(): ReadonlyMap<string, Recording> {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
  return new Map(files.map((file) => [file, read(file)]));
}

function read(file: string): Recording {
  return JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Recording;
}
