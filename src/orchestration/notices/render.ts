import type { Json } from '../../core/json.ts';
import type { NoticeFormat, NoticeSeverity } from '../../core/notice.ts';
import type { Message } from '../../records/outbox.ts';

/** What is posted to a receiver. */
export function render(message: Message): Json {
  return FORMATS[message.format](message);
}

const FORMATS: Readonly<Record<NoticeFormat, (message: Message) => Json>> = { plain, teams, slack };

const MARKS: Readonly<Record<NoticeSeverity, { readonly word: string; readonly color: string }>> = {
  info: { word: 'For your information', color: 'Good' },
  warning: { word: 'Look soon', color: 'Warning' },
  critical: { word: 'Act now', color: 'Attention' },
};

/** Our own, documented in docs/notifications.md: members are only ever added. */
function plain({ id, notification, notice }: Message): Json {
  return { schema: 'switchover.notice/1', id, notification, ...notice };
}

/**
 * What a Teams workflow takes that posts to a channel when a webhook request is received.
 * https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook
 */
function teams({ notice }: Message): Json {
  const { plan, severity, sentence } = notice;
  const { word, color } = MARKS[severity];
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [
            { type: 'TextBlock', text: plan, size: 'Large', weight: 'Bolder', wrap: true },
            { type: 'TextBlock', text: word, color, weight: 'Bolder', spacing: 'None' },
            { type: 'TextBlock', text: sentence, wrap: true },
            { type: 'FactSet', facts: facts(notice) },
          ],
        },
      },
    ],
  };
}

function facts({ what, at, execution }: Message['notice']): Json[] {
  return [
    { title: 'What', value: what },
    { title: 'When', value: at },
    ...(execution === undefined ? [] : [{ title: 'Look', value: showing(execution) }]),
  ];
}

/** https://docs.slack.dev/reference/block-kit/blocks: 150 characters in a header, 3000 in a section. */
function slack({ notice }: Message): Json {
  const { plan, what, severity, sentence, at, execution } = notice;
  const { word } = MARKS[severity];
  const context = [what, at, ...(execution === undefined ? [] : [`\`${showing(execution)}\``])];
  return {
    text: `${plan}: ${escaped(sentence, 2900)}`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: `${plan}: ${word}`.slice(0, 150) } },
      { type: 'section', text: { type: 'mrkdwn', text: escaped(sentence, 2900) } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: context.join(' · ') }] },
    ],
  };
}

/** Slack reads commands between < and >. Escaped a character at a time, so that no half of an entity is left. */
function escaped(text: string, limit: number): string {
  let out = '';
  for (const character of text) {
    const next = ENTITIES[character] ?? character;
    if (out.length + next.length > limit) return `${out}…`;
    out += next;
  }
  return out;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function showing(execution: string): string {
  return `switchover execution show ${execution}`;
}
