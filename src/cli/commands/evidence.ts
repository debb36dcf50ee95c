import { z } from 'zod';
import { counted } from '../../core/counted.ts';
import { anchorSchema } from '../../report/anchors.ts';
import type { Anchor } from '../../report/anchors.ts';
import { parseEvidence } from '../../report/evidence-schema.ts';
import type { Evidence } from '../../report/evidence-schema.ts';
import { anchoredEvents, verifyEvidence } from '../../report/verify.ts';
import { JSON_OPTION, command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT, Failure } from '../failure.ts';
import { looksLikeFile, noFile } from '../text-file.ts';

const json = z.boolean().default(false);

export const evidenceShow = command({
  path: ['evidence', 'show'],
  summary: 'print the record of a run, as Markdown for people or as JSON to be kept',
  arguments: [{ name: 'id', about: 'id of the execution' }],
  options: [JSON_OPTION],
  input: z.object({ id: z.string(), json }),
  example: 'switchover evidence show 20261102-101500-abc123 --json > evidence.json',
  run: show,
});

export const evidenceVerify = command({
  path: ['evidence', 'verify'],
  summary: 'recompute the hash chain of a record and hold it against its anchors',
  arguments: [{ name: 'source', about: 'a file that `evidence show --json` wrote, or an id' }],
  options: [
    {
      flags: '--anchors <files...>',
      about: 'anchors from the immutable evidence container (anchors/ID/N.json)',
    },
    JSON_OPTION,
  ],
  input: z.object({ source: z.string(), anchors: z.array(z.string()).default([]), json }),
  example: 'switchover evidence verify evidence.json --anchors 1.json 2.json',
  run: verify,
});

async function show(
  { id, json: asJson }: { id: string; json: boolean },
  context: CliContext,
): Promise<number> {
  const { terminal } = context;
  const text = await download(id, asJson ? 'application/json' : 'text/markdown', context);
  terminal.out(text.trimEnd());
  terminal.talk(`Check it: switchover evidence verify ${id}`);
  return EXIT.done;
}

interface Verification {
  readonly source: string;
  readonly anchors: readonly string[];
  readonly json: boolean;
}

async function verify(asked: Verification, context: CliContext): Promise<number> {
  const { terminal, readFile } = context;
  const local = await readFile(asked.source);
  if (local === null && looksLikeFile(asked.source)) throw noFile(asked.source);
  const evidence = parseEvidence(
    local ?? (await download(asked.source, 'application/json', context)),
  );
  const anchors = await Promise.all(asked.anchors.map((file) => anchorIn(file, context)));
  const flaws = verifyEvidence(evidence, anchors);
  const fixed = anchoredEvents(evidence, anchors);
  if (asked.json) {
    terminal.out(JSON.stringify({ intact: flaws.length === 0, flaws, anchoredEvents: fixed }));
  } else {
    for (const { stream, sequence, why } of flaws) {
      terminal.out(`${stream}${sequence === null ? '' : ` event ${sequence}`}: ${why}`);
    }
  }
  terminal.talk(verdict(evidence, flaws.length, fixed));
  return flaws.length === 0 ? EXIT.done : EXIT.failed;
}

function verdict({ execution, events }: Evidence, flaws: number, fixed: number): string {
  if (flaws > 0) return `The record of ${execution.id} does not hold: ${counted(flaws, 'flaw')}.`;
  const chain = `The record of ${execution.id} holds: ${events.length} events in unbroken chains`;
  return fixed > 0
    ? `${chain}, ${fixed} of them fixed by the anchors given.`
    : `${chain}. It agrees with itself; only --anchors from the immutable container show that it was not rewritten as a whole.`;
}

async function anchorIn(file: string, { readFile }: CliContext): Promise<Anchor> {
  const text = await readFile(file);
  if (text === null) throw noFile(file);
  const anchor = anchorSchema.safeParse(jsonIn(text));
  if (anchor.success) return anchor.data;
  throw new Failure(
    EXIT.usage,
    `${file} is no anchor: give anchors/ID/N.json as it was downloaded.`,
  );
}

/** Null, which is no anchor, for what is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function download(id: string, type: string, context: CliContext): Promise<string> {
  return context.server().getText(`/api/executions/${encodeURIComponent(id)}/evidence`, type);
}
