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
  /** What activities and children were given, by generation and task: histories say only that they were called. */
  readonly inputs: readonly Inputs[];
}

export type Inputs = Readonly<Record<number, string | null>>;

/** JSON with one event a line, so that a difference between two recordings can be read. */
export function recordingText({ instances, ...head }: Recording): string {
  const blocks = instances.map(({ generations, inputs, ...instance }) => {
    const histories = generations.map(
      (events) => `[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]`,
    );
    const given = inputs.map((each) => JSON.stringify(each));
    return `${JSON.stringify(instance).slice(0, -1)},"generations":[${histories.join(',')}],\n"inputs":[\n${given.join(',\n')}]}`;
  });
  return `${JSON.stringify(head).slice(0, -1)},"instances":[\n${blocks.join(',\n')}\n]}\n`;
}
