import { describe, expect, it } from 'vitest';
import type { NoticeFormat } from '../../../src/core/notice.ts';
import { render } from '../../../src/orchestration/notices/render.ts';
import type { Message } from '../../../src/records/outbox.ts';

function message(format: NoticeFormat, sentence: string): Message {
  return {
    id: '7',
    notification: 'on-call',
    to: 'ON_CALL',
    format,
    notice: {
      plan: 'cafe',
      what: 'paused',
      severity: 'critical',
      sentence,
      execution: 'fo-1',
      at: '2026-11-21T10:00:00.000Z',
    },
    dueAt: '2026-11-21T10:00:00.000Z',
    attempts: 1,
  };
}

describe('a notice', () => {
  it('is a card for Teams', () => {
    expect(render(message('teams', 'It is paused.'))).toMatchInlineSnapshot(`
      {
        "attachments": [
          {
            "content": {
              "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
              "body": [
                {
                  "size": "Large",
                  "text": "cafe",
                  "type": "TextBlock",
                  "weight": "Bolder",
                  "wrap": true,
                },
                {
                  "color": "Attention",
                  "spacing": "None",
                  "text": "Act now",
                  "type": "TextBlock",
                  "weight": "Bolder",
                },
                {
                  "text": "It is paused.",
                  "type": "TextBlock",
                  "wrap": true,
                },
                {
                  "facts": [
                    {
                      "title": "What",
                      "value": "paused",
                    },
                    {
                      "title": "When",
                      "value": "2026-11-21T10:00:00.000Z",
                    },
                    {
                      "title": "Look",
                      "value": "switchover execution show fo-1",
                    },
                  ],
                  "type": "FactSet",
                },
              ],
              "msteams": {
                "width": "Full",
              },
              "type": "AdaptiveCard",
              "version": "1.4",
            },
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
          },
        ],
        "type": "message",
      }
    `);
  });

  it('is blocks for Slack, in which nothing of the sentence is a command', () => {
    expect(render(message('slack', 'Tell <!channel> & <@U1>.'))).toMatchInlineSnapshot(`
      {
        "blocks": [
          {
            "text": {
              "text": "cafe: Act now",
              "type": "plain_text",
            },
            "type": "header",
          },
          {
            "text": {
              "text": "Tell &lt;!channel&gt; &amp; &lt;@U1&gt;.",
              "type": "mrkdwn",
            },
            "type": "section",
          },
          {
            "elements": [
              {
                "text": "paused · 2026-11-21T10:00:00.000Z · \`switchover execution show fo-1\`",
                "type": "mrkdwn",
              },
            ],
            "type": "context",
          },
        ],
        "text": "cafe: Tell &lt;!channel&gt; &amp; &lt;@U1&gt;.",
      }
    `);
  });

  it.each(['&'.repeat(5000), '😀'.repeat(5000), 'a'.repeat(5000)])(
    "stays within Slack's 3000 characters a section",
    (sentence) => {
      const { blocks } = render(message('slack', sentence)) as {
        blocks: { type: string; text?: { text: string } }[];
      };
      const text = blocks.find(({ type }) => type === 'section')?.text?.text ?? '';
      expect(text.length).toBeGreaterThan(2800);
      expect(text.length).toBeLessThanOrEqual(3000);
      expect(text).toMatch(/(&amp;|😀|a)…$/u);
    },
  );
});
