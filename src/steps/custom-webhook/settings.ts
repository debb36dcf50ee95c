import { z } from 'zod';
import { SECRET_SETTING } from '../../settings.ts';
import { httpUrl } from '../schema.ts';
import { expectation } from '../validate-http/settings.ts';

const observe = z
  .strictObject({
    url: httpUrl.describe('Where to look'),
    expect: expectation.prefault({}).describe('What is answered once it is done'),
  })
  .describe('Where to look whether it is done, and what is answered then');

const requestFields = {
  url: httpUrl.describe('Where the request goes, by POST'),
  body: z.json().optional().describe('What it carries as `data`'),
  observe: observe.optional(),
};

const request = z.strictObject(requestFields);

export const settings = z
  .strictObject({
    ...requestFields,
    secret: z
      .string()
      .regex(SECRET_SETTING, 'must be the name of an app setting: SWITCHOVER_SECRET_NAME')
      .optional()
      .describe(
        'Name of the app setting that holds the key of the signature, never the key itself',
      ),
    allowHttp: z
      .boolean()
      .default(false)
      .describe('Also send without TLS to hosts other than this machine'),
    closesApplication: z
      .boolean()
      .default(false)
      .describe('Once it is done, the application takes no more writes from its users'),
    undo: z
      .union([z.literal('none'), request])
      .optional()
      .describe('The request that undoes it; none: nothing needs undoing. Impossible when absent'),
  })
  .superRefine(({ allowHttp, url, observe: seen, undo }, context) => {
    const back = undo === undefined || undo === 'none' ? undefined : undo;
    const places: readonly (readonly [(string | number)[], string | undefined])[] = [
      [['url'], url],
      [['observe', 'url'], seen?.url],
      [['undo', 'url'], back?.url],
      [['undo', 'observe', 'url'], back?.observe?.url],
    ];
    for (const [path, address] of places)
      if (address !== undefined && !allowHttp && !isProtected(address))
        context.addIssue({
          code: 'custom',
          path,
          message: 'must be https (or set allowHttp)',
        });
  });

/** TLS, or an address that does not leave this machine. Templates are judged when they are closed. */
function isProtected(address: string): boolean {
  if (address.includes('${') || !URL.canParse(address)) return true;
  const { protocol, hostname } = new URL(address);
  const local = hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
  return protocol === 'https:' || local;
}

export type Settings = z.infer<typeof settings>;
export type Request = z.infer<typeof request>;
