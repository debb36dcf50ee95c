import 'reflect-metadata';
import { KeyObject, webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as x509 from '@peculiar/x509';

export interface Certificates {
  /** To be trusted through NODE_EXTRA_CA_CERTS. */
  readonly authorityFile: string;
  readonly certificate: string;
  readonly key: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const YEAR_MS = 365 * 24 * 3_600_000;

/** What the simulator's one certificate stands for: itself, and the café's hosts behind the proxy. */
const NAMES: x509.JsonGeneralNames = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'dns', value: '*.eastus.cloudapp.azure.com' },
  { type: 'dns', value: '*.westus.cloudapp.azure.com' },
  { type: 'dns', value: '*.trafficmanager.net' },
];

/**
 * Takes the certificate out of `folder`, or makes one with a local authority of its own at first start. The authority's
 * key is thrown away: whoever trusts the authority trusts this one certificate and nothing else.
 */
export async function ensureCertificates(folder: string, now: number): Promise<Certificates> {
  const authorityFile = resolve(folder, 'authority.pem');
  const files = [
    authorityFile,
    join(folder, 'server.pem'),
    join(folder, 'server-key.pem'),
  ] as const;
  const kept = await read(files).catch(() => null);
  if (kept !== null && Date.parse(new NodeCertificate(kept.certificate).validTo) > now) {
    return { authorityFile, ...kept };
  }
  await mkdir(folder, { recursive: true });
  const made = await make(now);
  await Promise.all(
    files.map((file, index) => writeFile(file, made[index] ?? '', { mode: 0o600 })),
  );
  const [, certificate, key] = made;
  return { authorityFile, certificate, key };
}

async function read(
  files: readonly [string, string, string],
): Promise<{ certificate: string; key: string }> {
  const [, certificate, key] = await Promise.all([
    readFile(files[0], 'utf8'),
    readFile(files[1], 'utf8'),
    readFile(files[2], 'utf8'),
  ]);
  return { certificate, key };
}

async function make(
  now: number,
): Promise<readonly [authority: string, server: string, key: string]> {
  x509.cryptoProvider.set(webcrypto);
  const dates = { notBefore: new Date(now - 60_000), notAfter: new Date(now + YEAR_MS) };
  const authorityKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...dates,
    name: 'CN=Switchover local authority',
    keys: authorityKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const server = await x509.X509CertificateGenerator.create({
    ...dates,
    subject: 'CN=Switchover simulator',
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(NAMES),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return [authority.toString('pem'), server.toString('pem'), String(key)];
}
