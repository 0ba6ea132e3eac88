import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePorts, waitUntil } from '#testing';
import { kubectl } from './kubectl.js';
import { Program } from './program.js';

/** Where scripts/kubernetes-api.mjs puts what it builds. */
export const BIN = join(process.env['STARLING_KUBERNETES_CACHE'] ?? '/var/tmp/starling-kubernetes', '1.20.2/bin');

/** Both start in five seconds on an idle machine. */
const READY_TIMEOUT_MS = 90_000;
const TOKEN = 'a-token-for-tests';
/** The server wants an address that is not its own machine's only. It is for documentation and is never called. */
const ADVERTISED = '192.0.2.1';

export interface ApiServer {
  /** For kubectl, and for Kubernetes' own programs. */
  readonly kubeconfig: string;
  readonly url: string;
  /** Of an administrator. */
  readonly token: string;
  stop(): Promise<void>;
}

/** etcd and an API server on this machine, empty. Throws when they are not built, or are not ready in time. */
export async function startApiServer(kubectlPath: string): Promise<ApiServer> {
  if (!existsSync(join(BIN, 'kube-apiserver'))) {
    throw new Error(`${BIN} has no API server: run node scripts/kubernetes-api.mjs`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'starling-api-'));
  const [clients = 0, peers = 0, port = 0] = await freePorts(3);
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, stringify(configFor(port)), { mode: 0o600 });
  const etcd = new Program(join(BIN, 'etcd'), etcdOptions(folder, clients, peers));
  const server = new Program(join(BIN, 'kube-apiserver'), await serverOptions(folder, clients, port));
  const stop = async (): Promise<void> => {
    await server.end();
    await etcd.end();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitUntil('the API server', READY_TIMEOUT_MS, async () => {
      for (const program of [etcd, server]) program.expectRunning();
      await kubectl(kubectlPath, ['--kubeconfig', kubeconfig, 'get', '--raw', '/readyz']);
    });
    return { kubeconfig, url: urlAt(port), token: TOKEN, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

const etcdOptions = (folder: string, clients: number, peers: number): string[] => [
  `--data-dir=${join(folder, 'etcd')}`,
  `--listen-client-urls=http://127.0.0.1:${clients}`,
  `--advertise-client-urls=http://127.0.0.1:${clients}`,
  `--listen-peer-urls=http://127.0.0.1:${peers}`,
  '--unsafe-no-fsync',
];

async function serverOptions(folder: string, etcd: number, port: number): Promise<string[]> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const [signing, checking, tokens] = ['sa.key', 'sa.pub', 'tokens.csv'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(signing, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  await writeFile(checking, publicKey.export({ type: 'spki', format: 'pem' }));
  await writeFile(tokens, `${TOKEN},admin,1,"system:masters"\n`, { mode: 0o600 });
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    '--insecure-port=0',
    `--cert-dir=${join(folder, 'pki')}`,
    `--advertise-address=${ADVERTISED}`,
    '--service-cluster-ip-range=10.213.128.0/20',
    `--service-account-key-file=${checking}`,
    `--service-account-signing-key-file=${signing}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--token-auth-file=${tokens}`,
    '--authorization-mode=RBAC',
    // A kubelet, where there is one, is called like this machine, and listens on it alone.
    '--kubelet-preferred-address-types=Hostname',
  ];
}

const urlAt = (port: number): string => `https://127.0.0.1:${port}`;

/** Its certificate is made at the start, and both ends are in this very process. */
const configFor = (port: number): object => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'test',
  clusters: [{ name: 'test', cluster: { server: urlAt(port), 'insecure-skip-tls-verify': true } }],
  users: [{ name: 'test', user: { token: TOKEN } }],
  contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
});
