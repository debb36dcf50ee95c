import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../local/simulator/journal.ts';
import { createAzureBlobs } from '../../../src/records/azure-blobs.ts';
import { parseEvidence } from '../../../src/report/evidence-schema.ts';
import type { Evidence } from '../../../src/report/evidence-schema.ts';
import { logOf, openSockets } from '../../support/sockets.ts';
import type { Ran, SocketBench } from '../../support/sockets.ts';

/*
 * One planned failover over sockets, in real time, asked for and watched at the command line. Meanwhile the app is
 * killed again and again: right after it has sent a call, and once for longer, while nothing but timers is there to
 * lose. The rest of the file looks at what came of it.
 */
const PROFILE =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/cafe-traffic/providers/Microsoft.Network/trafficManagerProfiles/websphere-cafe';

/** After how many changes in Azure the app is killed, and how soon. Azure's answer is on its way for 10 to 40 ms. */
const DEATHS: Readonly<Record<number, number>> = { 1: 0, 2: 100, 3: 0, 4: 200, 6: 50, 7: 0 };

/** How the command line says that the app is away. */
const MISSED = 'the execution goes on without us';

let bench: SocketBench;
let watched: Ran;
let second: Ran;
let evidence: Evidence;
const kills: string[] = [];

beforeAll(async () => {
  bench = await openSockets();
  const missed = new AbortController();
  const killing = killAgainAndAgain(once(missed.signal, 'abort'));
  watched = await bench.overhear(
    'failover websphere-cafe --yes --reason "a move" --watch',
    (talk) => {
      if (talk.includes(MISSED)) missed.abort();
    },
  );
  missed.abort();
  await killing();
  evidence = parseEvidence((await bench.switchover(`evidence show ${idOf(watched)} --json`)).out);
}, 150_000);

afterAll(() => bench.stop());

/**
 * One death after the other, each as soon as the app is up again after the last. After the first change the app also
 * stays away until who watches it has missed it, as it is away for a redeployment; before, somebody asks for a second
 * run. Gives what waits for the last of them.
 */
function killAgainAndAgain(missed: Promise<unknown>): () => Promise<void> {
  let changed = 0;
  let last = Promise.resolve();
  const next = (work: () => Promise<void>): void => void (last = last.then(work));
  bench.azure.simulator().journal.watch((entry) => {
    if (!isChange(entry)) return;
    changed += 1;
    const nth = changed;
    const delay = DEATHS[nth];
    if (delay !== undefined) next(() => die(`${delay} ms after change ${nth}`, delay));
    if (nth !== 1) return;
    next(async () => {
      second = await bench.switchover('failover websphere-cafe --yes --reason "twice"');
    });
    next(() => die('until it was missed', 0, missed));
  });
  return () => last;
}

async function die(how: string, delay: number, away?: Promise<unknown>): Promise<void> {
  await pause(delay);
  await bench.host.kill();
  kills.push(how);
  await away;
  await bench.host.start();
}

function isChange({ door, mutating }: JournalEntry): boolean {
  return door === 'resource-manager' && mutating;
}

async function changes(): Promise<readonly JournalEntry[]> {
  return (await bench.journal()).filter(isChange);
}

function idOf({ out }: Ran): string {
  return /\d{8}-\d{6}-\w{6}/.exec(out)?.[0] ?? 'no id';
}

/** Site Recovery draws the names of the interfaces that it makes. */
function named(entry: JournalEntry): string {
  return `${entry.method} ${entry.path.split('/').slice(-3).join('/')}`.replace(
    /-nic-[0-9a-f]+/,
    '-nic-X',
  );
}

describe('a failover whose app is killed again and again', () => {
  it('succeeds, and the command that watches it outlasts every death', async () => {
    expect([kills.length, watched.code], `${kills.join('; ')}\n${await logOf(bench)}`).toEqual([
      Object.keys(DEATHS).length + 1,
      0,
    ]);
    expect(watched.out).toContain('Ended succeeded: websphere-cafe serves from west.');
    // Whose doing it was is not known any more when the app died before it kept the answer.
    expect(watched.out).toMatch(/RPO +(0 s of 10 min: met|unknown)/);
    expect(watched.talk).toContain(MISSED);
  });

  it('makes each change once', async () => {
    const made = await changes();
    expect(made.map(named).sort(), kills.join('; ')).toEqual([
      'POST failovergroups/failovergroup-cafe/failover',
      'POST replicationrecoveryplans/recovery-plan-cafe/failovercommit',
      'POST replicationrecoveryplans/recovery-plan-cafe/unplannedfailover',
      'PUT microsoft.network/networkinterfaces/dmgr-nic-X',
      'PUT microsoft.network/networkinterfaces/ihs-nic-X',
      'PUT websphere-cafe/azureendpoints/myfailoverendpoint',
      'PUT websphere-cafe/azureendpoints/myprimaryendpoint',
    ]);
    expect(made.every(({ effect }) => effect !== null)).toBe(true);
  });

  it('has every change in its evidence, each under a name of its own', async () => {
    const { calls } = evidence;
    const names = calls.map(({ step, attempt, call }) => `${step} ${attempt} ${call}`);
    expect(new Set(names).size).toBe(names.length);
    expect(calls.filter(({ outcome }) => outcome === 'unanswered')).toEqual([]);
    const made = await changes();
    expect(calls.length).toBeGreaterThanOrEqual(made.length);
    // What was answered is told apart by Azure's own ids.
    const answered = calls.flatMap(({ correlationId }) => correlationId ?? []);
    expect(answered.length, kills.join('; ')).toBeGreaterThan(0);
    expect(made.map(({ correlationId }) => correlationId)).toEqual(
      expect.arrayContaining(answered),
    );
  });

  it('loses no coffee, and leads the traffic to the other side', async () => {
    expect((await bench.cafe()).lost).toBe(0);
    expect((await bench.state()).traffic).toEqual({
      [PROFILE]: 'myFailoverEndpoint',
    });
  });
});

describe('the command line', () => {
  it('was told while it ran which one runs', () => {
    expect(second.code).toBe(3);
    expect(second.talk).toContain(idOf(watched));
  });

  it.each<[string, number, RegExp]>([
    ['plans', 0, /websphere-cafe +west +at rest/],
    ['plan show websphere-cafe', 0, /west +westus +cold standby, serves now/],
    ['executions', 0, /websphere-cafe +planned failover +east → west +succeeded/],
    ['executions --plan websphere-cafe-as-published', 0, /^$/],
    ['execution show ID', 0, /✔ commit +done/],
    ['evidence show ID', 0, /^# /],
    ['evidence verify ID', 0, /^$/],
    ['plan show nothing', 2, /^$/],
    ['execution show 20261121-000000-aaaaaa', 2, /^$/],
    ['execution pause ID --reason "too late"', 3, /^$/],
    ['failover websphere-cafe', 2, /^$/],
    ['failover websphere-cafe --yes --reason "it is there already"', 2, /^$/],
    ['nonsense', 2, /^$/],
  ])('%s: exit code %i', async (words, code, out) => {
    const ran = await bench.switchover(words.replace('ID', idOf(watched)));
    expect([ran.code, ran.out.trim()], ran.talk).toEqual([code, expect.stringMatching(out)]);
  });

  it('tells a run that cannot be from one that failed', async () => {
    const ran = await bench.switchover('failback websphere-cafe --yes --reason "and back" --watch');
    expect([ran.code, ran.out], ran.talk).toEqual([3, expect.stringMatching(/refused/)]);
  });

  it('says what to set when it does not know the app', async () => {
    const ran = await bench.switchover('plans', { SWITCHOVER_URL: '' });
    expect([ran.code, ran.talk]).toEqual([2, expect.stringContaining('SWITCHOVER_URL is not set')]);
  });

  it('has not said, nor the app, what lets anybody in', async () => {
    const said = JSON.stringify([await logOf(bench), watched, second, evidence]);
    const [, accountKey = ''] = /AccountKey=([^;]+)/.exec(bench.azurite.connection) ?? [];
    const token = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    expect(said).toContain(idOf(watched));
    expect([accountKey, token, 'local:operator'].filter((key) => said.includes(key))).toEqual([]);
    expect(accountKey).not.toBe('');
  });

  it('verifies a record against the anchors of the immutable container, and shows a forgery', async () => {
    const id = evidence.execution.id;
    const blobs = createAzureBlobs({
      account: { connection: bench.azurite.connection },
      newId: () => 'a reader',
    });
    const anchors = await Promise.all(
      (await blobs.list('evidence', `anchors/${id}/`)).map(async (name, index) => {
        const file = join(bench.folder, `${index}.json`);
        await writeFile(file, (await blobs.get('evidence', name)) ?? '');
        return file;
      }),
    );
    const record = join(bench.folder, 'evidence.json');
    await writeFile(record, JSON.stringify(evidence));
    const verify = `evidence verify ${record} --anchors ${anchors.join(' ')}`;
    expect(await bench.switchover(verify)).toMatchObject({
      code: 0,
      talk: expect.stringMatching(/ \d+ of them fixed by the anchors given/) as string,
    });
    await writeFile(record, JSON.stringify(evidence).replaceAll('a move', 'no move'));
    expect(await bench.switchover(verify)).toMatchObject({
      code: 1,
      talk: expect.stringContaining('does not hold') as string,
    });
  });
});
