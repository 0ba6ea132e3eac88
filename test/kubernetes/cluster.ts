import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { stringify } from 'yaml';
import { waitUntil } from '#testing';
import { docker, run } from '../containers/engine.js';
import { startApiServer, type ApiServer } from '../manifests/api-server.js';
import { kubectl } from '../manifests/kubectl.js';
import { Program } from '../manifests/program.js';
import { ClusterNames } from './cluster-names.js';
import { onEndOfInput } from './end-of-input.js';
import { bridgeOfEngine, lendMachine } from './machine.js';
import { MACHINE, optionsOf } from './programs.js';
import { pathOf } from './wanted.js';

/** A dozen seconds on an idle machine. */
const NODE_READY_TIMEOUT_MS = 120_000;
/** The API server is on this machine, and answers at once. */
const LOOK_TIMEOUT_MS = 10_000;
/** kubectl ends by itself before, and says why. */
const KUBECTL_GRACE_MS = 10_000;
const PAUSE_IMAGE = 'starling-test-pause:1';
/** Holds a pod's network; from an image that the pods need anyway. */
const PAUSE = `FROM redis:7-alpine
ENTRYPOINT ["sh", "-c", "trap 'exit 0' TERM; sleep 2147483647 & wait"]
`;

/** A cluster of this machine alone, whose pods are containers of its engine. */
export class Cluster {
  #stopped: Promise<void> | undefined;

  private constructor(
    private readonly kubectlPath: string,
    private readonly server: ApiServer,
    /** Of this machine, for pods and for whoever is on it. */
    readonly address: string,
    readonly folder: string,
    private readonly programs: readonly Program[],
    private readonly undo: (() => Promise<void>)[],
  ) {}

  /**
   * Throws when it is not ready in time, and leaves nothing behind then; nor when whoever started these tests wants them
   * to end, which ends this process.
   */
  static start(kubectlPath: string): Promise<Cluster> {
    const starting = Cluster.#start(kubectlPath);
    // What is half there is removed when it is there, or given up.
    const removed = (): Promise<void> => starting.then((cluster) => cluster.stop());
    onEndOfInput(() => void removed().then(leave, leave));
    return starting;
  }

  static async #start(kubectlPath: string): Promise<Cluster> {
    const undo: (() => Promise<void>)[] = [];
    try {
      const folder = await mkdtemp(join(tmpdir(), 'starling-kubelet-'));
      undo.push(await lendMachine(folder));
      const bridge = await bridgeOfEngine();
      const server = await startApiServer(kubectlPath);
      undo.push(() => server.stop());
      const names = await ClusterNames.listen(bridge.gateway, (path) => lookAt(server, path));
      undo.push(() => names.close());
      const engine = {
        socket: process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock',
        cgroupDriver: await docker(['info', '--format', '{{.CgroupDriver}}']),
        pauseImage: await buildPause(folder),
      };
      const programs: Program[] = [];
      undo.push(() => run(pathOf('kube-proxy'), ['--cleanup']).then(() => undefined));
      for (const [name, options] of await optionsOf({ folder, kubeconfig: server.kubeconfig, bridge, engine })) {
        const program = new Program(pathOf(name), options);
        programs.push(program);
        undo.push(() => program.end());
      }
      const cluster = new Cluster(kubectlPath, server, bridge.gateway, folder, programs, undo);
      await cluster.#isReady();
      return cluster;
    } catch (cause) {
      await backTo(undo);
      throw cause;
    }
  }

  /** What kubectl writes. Throws with what it complains of. `waitS`: for what it waits for inside the cluster. */
  kubectl(args: readonly string[], waitS = 20): Promise<string> {
    const all = ['--kubeconfig', this.server.kubeconfig, ...args];
    return kubectl(this.kubectlPath, all, waitS * 1_000 + KUBECTL_GRACE_MS);
  }

  async apply(objects: readonly object[]): Promise<void> {
    const file = join(this.folder, 'objects.yaml');
    await writeFile(file, objects.map((object) => stringify(object)).join('---\n'));
    await this.kubectl(['apply', '-f', file]);
  }

  /** Everything that it started or changed on this machine. Pods that are left end with it. */
  stop(): Promise<void> {
    return (this.#stopped ??= backTo(this.undo));
  }

  async #isReady(): Promise<void> {
    await waitUntil('the machine in the cluster', NODE_READY_TIMEOUT_MS, async () => {
      for (const program of this.programs) program.expectRunning();
      await this.kubectl(['wait', '--for=condition=Ready', `node/${MACHINE}`, '--timeout=10s']);
    });
  }
}

async function buildPause(folder: string): Promise<string> {
  const file = join(folder, 'Dockerfile');
  await writeFile(file, PAUSE);
  await docker(['build', '--quiet', '--tag', PAUSE_IMAGE, '--file', file, folder]);
  return PAUSE_IMAGE;
}

/** With what could not be removed, if anything. */
function leave(cause?: unknown): never {
  if (cause instanceof Error) process.stderr.write(`the cluster: ${cause.message}\n`);
  process.exit(1);
}

/** The last first. All are tried; throws the first failure. */
async function backTo(undo: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    await step().catch((cause: unknown) => failures.push(cause));
  }
  if (failures.length > 0) throw failures[0];
}

/** Its certificate was made at its start, and it is on this very machine. */
const trusting = new Agent({ connect: { rejectUnauthorized: false } });

async function lookAt({ url, token }: ApiServer, path: string): Promise<unknown> {
  const answer = await request(`${url}${path}`, {
    headers: { authorization: `Bearer ${token}` },
    dispatcher: trusting,
    signal: AbortSignal.timeout(LOOK_TIMEOUT_MS),
  });
  const text = await answer.body.text();
  if (answer.statusCode === 404) return null;
  if (answer.statusCode !== 200) throw new Error(`the API server answers ${answer.statusCode}: ${text}`);
  return JSON.parse(text);
}
