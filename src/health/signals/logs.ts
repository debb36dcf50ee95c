import type { LogAnswer } from '../../azure/access.ts';
import { judgeNumber } from './bounds.ts';
import { readOnce, unclear } from './read-once.ts';
import type { Found } from './read-once.ts';
import type { Said, SignalSource } from './source.ts';
import type { SignalSettings } from '../../plan/signals.ts';

/** The first number of a Log Analytics query's first row. */
export const logs: SignalSource<'logs'> = {
  isDear: true,
  async read(through, wanted) {
    const answers = await readOnce(
      through,
      wanted,
      ({ signal: { with: at } }) => JSON.stringify([at.workspace, at.query, at.span]),
      ({ signal: { with: at } }) =>
        through.azure.logs.query({
          workspaceId: at.workspace,
          query: at.query,
          timespanSeconds: at.span,
        }),
    );
    return wanted.map((one) => ({ of: one, ...judge(answers(one), one.signal.with) }));
  },
};

function judge(answer: Found<LogAnswer>, { bad }: SignalSettings<'logs'>): Said {
  if (answer.is === 'trouble') return unclear(answer);
  const { columns, rows, incomplete } = answer.value;
  if (incomplete !== null)
    return { as: 'unclear', sees: `a part of the answer only: ${incomplete.message}` };
  const [row] = rows;
  if (row === undefined) return { as: 'unclear', sees: 'the query finds no row' };
  const index = row.findIndex((cell) => typeof cell === 'number');
  const value = row[index];
  if (typeof value !== 'number')
    return { as: 'unclear', sees: 'there is no number in the first row of the query' };
  return judgeNumber(columns[index]?.name ?? 'value', value, bad);
}
