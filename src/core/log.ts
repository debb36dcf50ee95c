export interface LogEntry {
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export type Log = (entry: LogEntry) => void;
