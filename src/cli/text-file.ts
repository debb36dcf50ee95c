import { readFile, writeFile } from 'node:fs/promises';
import { EXIT, Failure } from './failure.ts';

/** What keeps a file from being read, when the one who named it can mend that. */
const REASONS: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  EACCES: 'its permissions do not allow it',
  EPERM: 'its permissions do not allow it',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is no UTF-8',
};

/** Null when there is no such file. What is no UTF-8 would be changed on the way, and nobody would see it. */
export async function readTextFile(path: string): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    const reason = REASONS[code];
    if (reason === undefined) throw error;
    throw new Failure(EXIT.usage, `${path} cannot be read: ${reason}. Name a file.`);
  }
}

/** Names and ids have neither dots nor slashes: a mistyped file name is not asked of the server. */
export function looksLikeFile(source: string): boolean {
  return /[./\\]/.test(source);
}

export function noFile(file: string): Failure {
  return new Failure(EXIT.usage, `There is no file ${file}.`);
}

export async function writeTextFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = code === 'ENOENT' ? 'there is no such folder' : REASONS[code];
    if (reason === undefined) throw error;
    throw new Failure(EXIT.usage, `${path} cannot be written: ${reason}.`);
  }
}
