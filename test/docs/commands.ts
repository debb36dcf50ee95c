import { commands } from '../../src/cli/commands/index.ts';
import type { AnyCommand } from '../../src/cli/command.ts';
import { table } from './fields.ts';

/** Every command line, from the table of which the program is made. */
export function commandsPage(): string {
  return commands.map(section).join('\n\n');
}

function section({
  path,
  summary,
  arguments: names = [],
  options = [],
  example,
}: AnyCommand): string {
  const words = [...path, ...names.map(({ name }) => name.toUpperCase())].join(' ');
  const rows = [
    ...names.map(({ name, about }) => [`\`${name.toUpperCase()}\``, about]),
    ...options.map(({ flags, about, required }) => [
      `\`${flags}\``,
      required === true ? `${about} (_required_)` : about,
    ]),
  ];
  return [
    `### \`${words}\``,
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(rows.length > 0 ? [table(['word', 'meaning'], rows)] : []),
    `\`\`\`sh\n${example}\n\`\`\``,
  ].join('\n\n');
}
