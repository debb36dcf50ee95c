import { ATTRIBUTES } from '../../src/telemetry/attributes.ts';
import { INSTRUMENTS, instrumentOf } from '../../src/telemetry/instruments.ts';
import type { InstrumentName } from '../../src/telemetry/instruments.ts';
import { LOG_EVENTS } from '../../src/telemetry/log-record.ts';
import { table } from './fields.ts';

/** Everything that is sent to a collector, from the catalogues that it is made of. */
export function telemetryPage(): string {
  const names = Object.keys(INSTRUMENTS) as InstrumentName[];
  return [
    '### Records',
    table(['name', 'told when'], pairs(LOG_EVENTS)),
    '### Metrics',
    table(['name', 'is a', 'unit', 'says', 'told apart by'], names.map(metricRow)),
    '### Attributes',
    'Of spans, records and metrics; what is not known is left out.',
    table(['name', 'meaning'], pairs(ATTRIBUTES)),
  ].join('\n\n');
}

function metricRow(name: InstrumentName): readonly string[] {
  const { is, unit, says, attributes } = instrumentOf(name);
  return [code(name), is, code(unit), says, attributes.map(code).join(', ')];
}

function pairs(catalogue: Readonly<Record<string, string>>): string[][] {
  return Object.entries(catalogue).map(([name, meaning]) => [code(name), meaning]);
}

function code(text: string): string {
  return `\`${text}\``;
}
