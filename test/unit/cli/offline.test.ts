import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildEvidence } from '../../../src/report/evidence.ts';
import type { Anchor } from '../../../src/report/anchors.ts';
import { story } from '../report/story.ts';
import { run, serve } from './cli.ts';

const PLAN_TEXT = readFileSync('plans/websphere-cafe.yaml', 'utf8');

describe('plan validate', () => {
  it('passes a valid plan with its time budget', async () => {
    const ran = await run('plan validate cafe.yaml', { files: { 'cafe.yaml': PLAN_TEXT } });
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/^Time budget of the slowest run \(unplanned, .*\), within/);
    expect(ran.talk).toContain('Push it: switchover plan push cafe.yaml');
  });

  it('names every problem with its place, and exits with 2', async () => {
    const text = PLAN_TEXT.replaceAll('uses: validate/dns', 'uses: validate/dsn');
    const line = text.split('\n').findIndex((one) => one.includes('validate/dsn')) + 1;
    const ran = await run('plan validate cafe.yaml', { files: { 'cafe.yaml': text } });
    expect(ran.code).toBe(2);
    expect(ran.out).toMatch(
      new RegExp(`^cafe.yaml:${line}:\\d+: stages\\[5\\].steps\\[0\\].uses: `),
    );
    expect(ran.talk).toBe('1 problem. Mend the file, then: switchover plan validate cafe.yaml');
  });

  it.each([
    [PLAN_TEXT, 0, true],
    ['version: 1', 2, false],
  ])('prints JSON on demand', async (text, code, valid) => {
    const ran = await run('plan validate cafe.yaml --json', { files: { 'cafe.yaml': text } });
    expect(ran.code).toBe(code);
    expect(JSON.parse(ran.out)).toMatchObject({ valid });
  });

  it('says when there is no such file', async () => {
    const ran = await run('plan validate tea.yaml');
    expect(ran).toMatchObject({ code: 2, out: '', talk: 'error: There is no file tea.yaml.' });
  });
});

describe('plan describe', () => {
  it('says step by step what happens in each direction', async () => {
    const ran = await run('plan describe cafe.yaml', { files: { 'cafe.yaml': PLAN_TEXT } });
    expect(ran).toMatchObject({ code: 0, talk: '' });
    expect(ran.out).toMatch(/^Failover \(east to west\)$/m);
    expect(ran.out).toMatch(
      /^ {3}stop-machines +vm\/stop .*Deallocate dmgr, .* \(unplanned only\)$/m,
    );
    expect(ran.out).toMatch(/^Failback \(west to east\)/m);
  });

  it.each([
    ['there is no such file', {}, 'There is no file cafe.yaml.'],
    ['the file is no plan', { 'cafe.yaml': 'version: 1' }, 'cafe.yaml:1:1: '],
  ])('says so when %s, and exits with 2', async (_when, files, message) => {
    const ran = await run('plan describe cafe.yaml', { files });
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.talk).toContain(message);
  });
});

const EVIDENCE = buildEvidence(story());
const ID = EVIDENCE.execution.id;
const ANCHOR: Anchor = { execution: ID, anchor: 99, at: EVIDENCE.writtenAt, heads: EVIDENCE.heads };

describe('evidence verify', () => {
  const files = { 'evidence.json': JSON.stringify(EVIDENCE), '99.json': JSON.stringify(ANCHOR) };

  it('holds without the app, and says what that proves', async () => {
    const ran = await run('evidence verify evidence.json', { files });
    expect(ran).toMatchObject({ code: 0, out: '' });
    expect(ran.talk).toContain(
      `${EVIDENCE.events.length} events in unbroken chains. It agrees with itself;`,
    );
  });

  it('says how much the anchors fix', async () => {
    const ran = await run('evidence verify evidence.json --anchors 99.json', { files });
    expect(ran.code).toBe(0);
    const fixed = Object.values(ANCHOR.heads).reduce((sum, head) => sum + head.sequence, 0);
    expect(ran.talk).toContain(`${fixed} of them fixed by the anchors given.`);
  });

  it('finds a changed event and exits with 1', async () => {
    const forged = JSON.stringify(EVIDENCE).replaceAll('"reason":"', '"reason":"not ');
    const ran = await run('evidence verify evidence.json', { files: { 'evidence.json': forged } });
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('event 1: event 1 was changed after it was recorded');
    expect(ran.talk).toContain(`The record of ${ID} does not hold`);
  });

  it('finds a cut tail against an anchor', async () => {
    const ahead = Object.fromEntries(
      Object.entries(ANCHOR.heads).map(([stream, head]) => [
        stream,
        { ...head, sequence: head.sequence + 1 },
      ]),
    );
    const ran = await run('evidence verify evidence.json --anchors 99.json --json', {
      files: { ...files, '99.json': JSON.stringify({ ...ANCHOR, heads: ahead }) },
    });
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({ intact: false });
  });

  it.each([
    ['evidence verify tea.json', 'There is no file tea.json.'],
    ['evidence verify plan.yaml', 'it is no JSON'],
    ['evidence verify 99.json', 'This is no evidence'],
    ['evidence verify evidence.json --anchors tea.json', 'There is no file tea.json.'],
    ['evidence verify evidence.json --anchors evidence.json', 'evidence.json is no anchor'],
    ['evidence verify evidence.json --anchors plan.yaml', 'plan.yaml is no anchor'],
  ])('%s is a usage error', async (line, message) => {
    const ran = await run(line, { files: { ...files, 'plan.yaml': PLAN_TEXT } });
    expect(ran.code).toBe(2);
    expect(ran.talk).toContain(message);
  });

  it('fetches the record of an execution', async () => {
    const backend = await serve({ [`GET /api/executions/${ID}/evidence`]: { body: EVIDENCE } });
    const ran = await run(`evidence verify ${ID}`, { url: backend.url });
    await backend.close();
    expect(ran.code).toBe(0);
  });
});

describe('evidence show', () => {
  it.each([
    ['', 'text/markdown', '# Evidence'],
    ['--json', 'application/json', '{"format":1}'],
  ])('prints what the app renders (%s)', async (flag, type, body) => {
    const backend = await serve({
      'GET /api/executions/fo-1/evidence': { body, headers: { 'content-type': type } },
    });
    const ran = await run(`evidence show fo-1 ${flag}`, { url: backend.url });
    await backend.close();
    expect(ran).toMatchObject({ code: 0, out: body });
    expect(backend.requests[0]?.headers.accept).toBe(type);
  });
});
