import { z } from 'zod';
import { duration } from '../schema.ts';
import { problemIn } from './expression.ts';

const path = z
  .string()
  .refine(
    (text) =>
      /^\/subscriptions\/[^/?#]+(\/[^/?#]+)*$/i.test(text) && !/(^|\/)\.{1,2}(\/|$)/.test(text),
    'must be a path below /subscriptions/…, without a query',
  );

const apiVersion = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/, 'must be an api-version such as 2024-07-01')
  .describe('Version of the API');

const expression = z
  .string()
  .superRefine((text, context) => {
    const message = problemIn(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  })
  .describe('JMESPath, as in `az … --query`, that is true or false');

const observe = z
  .strictObject({
    path: path.describe('What is read to see whether it is done'),
    apiVersion,
    met: expression.describe('JMESPath that is true of the answer once the goal is met'),
    moving: expression.optional().describe('JMESPath that is true while it is on its way'),
  })
  .describe('How its effect is seen');

const operation = {
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).describe('What is done to the path'),
  path: path.describe('Resource id, and the action if there is one'),
  apiVersion,
  body: z.record(z.string(), z.json()).optional().describe('What is sent'),
  observe,
};

const back = z.strictObject({
  ...operation,
  safety: z.enum(['safe', 'degrading', 'lossy']).default('safe').describe('What undoing costs'),
});

export const settings = z.strictObject({
  ...operation,
  verify: z
    .record(z.string().min(1), expression)
    .default({})
    .describe('More that must be true of what is observed, by names for the evidence'),
  permissions: z
    .array(z.string().regex(/^[\w.]+\/[\w./*]+$/, 'must be an action: Microsoft.Provider/…'))
    .min(1)
    .describe("Actions that the app's identity needs, for the generated role and for readiness"),
  typical: duration.default('1m').describe('How long it typically takes'),
  undo: z
    .union([z.literal('none'), back])
    .optional()
    .describe('The operation that undoes it; none: nothing needs undoing. Impossible when absent'),
});

export type Settings = z.infer<typeof settings>;
export type Operation = Pick<Settings, keyof typeof operation>;
