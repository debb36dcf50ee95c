import type { HistoryEvent } from '../../local/host/durable/protocol.ts';

/** Histories of one execution and all its steps, as the host kept them: what a running instance is replayed from. */
export interface Recording {
  /** What happened, in a sentence. */
  readonly story: string;
  readonly orchestrationVersion: string;
  /** Of durable-functions, whose replay numbers the tasks. */
  readonly sdk: string;
  readonly instances: readonly RecordedInstance[];
}

export interface RecordedInstance {
  readonly id: string;
  readonly name: string;
  readonly parent: string | null;
  /** All but the last ended by continue-as-new. */
  readonly generations: readonly (readonly HistoryEvent[])[];
}

/** JSON with one event a line, so that a difference between two recordings can be read. */
export function recordingText({ instances, ...head }: Recording): string {
  const blocks = instances.map(({ generations, ...instance }) => {
    const histories = generations.map(
      (events) => `[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]`,
    );
    return `${JSON.stringify(instance).slice(0, -1)},"generations":[${histories.join(',')}]}`;
  });
  return `${JSON.stringify(head).slice(0, -1)},"instances":[\n${blocks.join(',\n')}\n]}\n`;
}
