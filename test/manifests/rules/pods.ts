import type { IContainer } from 'kubernetes-models/v1/Container';
import { containersOf, nameOf, type Manifests, type Workload } from '../manifests.js';

/** What the restricted profile lets a pod mount. */
const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** Kinds of requests that a container must make; memory must have a limit too, CPU must not. */
const REQUESTS = ['cpu', 'memory'];

/** Every pod within the restricted profile and our own bounds: no rights, no token, limits, probes, a fixed image. */
export function podProblems(manifests: Manifests): string[] {
  return [
    ...manifests.of('Namespace').flatMap((namespace) => {
      const level = namespace.metadata?.labels?.['pod-security.kubernetes.io/enforce'];
      return level === 'restricted' ? [] : [`Namespace ${nameOf(namespace)} does not enforce the restricted profile`];
    }),
    ...manifests
      .workloads()
      .flatMap((workload) =>
        [...podLevel(workload), ...containerLevel(workload)].map((problem) => `${workload.name}: ${problem}`),
      ),
  ];
}

function podLevel({ pod }: Workload): string[] {
  const problems: string[] = [];
  const { securityContext: context = {} } = pod;
  const demand = (isMet: boolean, problem: string): void => {
    if (!isMet) problems.push(problem);
  };
  demand(context.runAsNonRoot === true, 'may run as root');
  demand((context.runAsUser ?? 0) > 0, 'has no user other than root');
  demand(context.seccompProfile?.type === 'RuntimeDefault', 'has no seccomp profile');
  demand(pod.hostNetwork !== true && pod.hostPID !== true && pod.hostIPC !== true, 'shares a namespace of its machine');
  demand(pod.automountServiceAccountToken === false, 'gets a token for the API');
  demand(pod.enableServiceLinks === false, 'gets variables of Services, which our settings would be confused with');
  for (const { name, ...volume } of pod.volumes ?? []) {
    const [kind = 'none'] = Object.keys(volume);
    demand(VOLUMES.includes(kind), `has the volume ${name} of the kind ${kind}`);
    demand(volume.emptyDir === undefined || volume.emptyDir.sizeLimit !== undefined, `has no limit for ${name}`);
  }
  return problems;
}

function containerLevel(workload: Workload): string[] {
  const running = workload.pod.containers;
  return containersOf(workload).flatMap((container) => {
    const problems = [
      ...contextOf(container),
      ...resourcesOf(container),
      ...imageOf(container),
      ...(running.includes(container) ? probesOf(container) : []),
    ];
    return problems.map((problem) => `${container.name} ${problem}`);
  });
}

function contextOf({ securityContext: context = {} }: IContainer): string[] {
  return [
    ...(context.allowPrivilegeEscalation === false ? [] : ['may gain rights']),
    ...(context.privileged === true ? ['is privileged'] : []),
    ...(context.readOnlyRootFilesystem === true ? [] : ['may write to its root file system']),
    ...(context.capabilities?.drop?.includes('ALL') === true ? [] : ['keeps capabilities']),
    ...((context.capabilities?.add ?? []).length === 0 ? [] : ['adds capabilities']),
    ...(context.runAsUser === 0 || context.runAsNonRoot === false ? ['runs as root'] : []),
  ];
}

function resourcesOf({ resources: { requests = {}, limits = {} } = {} }: IContainer): string[] {
  const missing = REQUESTS.filter((what) => requests[what] === undefined).map((what) => `requests no ${what}`);
  const { memory: most } = limits;
  const { memory: least = 0 } = requests;
  if (most === undefined) return [...missing, 'has no limit of memory'];
  return bytesOf(least) <= bytesOf(most) ? missing : [...missing, 'requests more memory than it may have'];
}

const UNITS: Readonly<Record<string, number>> = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4 };

/** Of a quantity in whole bytes, Ki, Mi, Gi or Ti. Throws for any other. */
export function bytesOf(quantity: string | number): number {
  const [, number = '', unit = ''] = /^(\d+)([KMGT]i)?$/.exec(String(quantity)) ?? [];
  if (number === '') throw new Error(`${quantity} is no quantity of bytes`);
  return Number(number) * (UNITS[unit] ?? 1);
}

function imageOf({ image = '' }: IContainer): string[] {
  const [, tag = 'latest'] = /:([\w.-]+)$/.exec(image) ?? [];
  return tag === 'latest' ? [`has the image ${image}, which is not a fixed one`] : [];
}

/** Live and ready must not be the same question: a service that waits for another one must not be killed for it. */
function probesOf({ startupProbe, livenessProbe, readinessProbe, ports = [] }: IContainer): string[] {
  const probes = { startupProbe, livenessProbe, readinessProbe };
  const problems = Object.entries(probes).flatMap(([name, probe]) => {
    if (probe === undefined) return [`has no ${name}`];
    const port = probe.httpGet?.port ?? probe.tcpSocket?.port;
    const isThere = port === undefined ? probe.exec !== undefined : ports.some(({ name: own }) => own === port);
    return isThere ? [] : [`has a ${name} at the port ${port ?? 'none'}, which it does not have`];
  });
  const [live, ready] = [livenessProbe?.httpGet?.path, readinessProbe?.httpGet?.path];
  if (live?.startsWith('/health/') === true && live === ready) problems.push('has the same probe for live and ready');
  return problems;
}
