import { join } from 'node:path';
import { freePorts } from '#testing';
import type { Bridge } from './machine.js';
import { CLUSTER_DOMAIN } from './cluster-names.js';
import type { ProgramName } from './wanted.js';

/** The API server calls the kubelet by this name, and so on this machine alone. */
export const MACHINE = 'localhost';

export interface Surroundings {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly bridge: Bridge;
  readonly engine: { readonly socket: string; readonly cgroupDriver: string; readonly pauseImage: string };
}

/** What each program of a cluster is started with, in the order of their start. */
export async function optionsOf(around: Surroundings): Promise<[ProgramName, string[]][]> {
  const [manager = 0, scheduler = 0, kubelet = 0, metrics = 0, health = 0] = await freePorts(5);
  const kubeconfig = `--kubeconfig=${around.kubeconfig}`;
  return [
    ['kube-controller-manager', [kubeconfig, ...controlOptions(around, manager)]],
    ['kube-scheduler', [kubeconfig, ...controlOptions(around, scheduler)]],
    ['kubelet', [kubeconfig, ...kubeletOptions(around, kubelet)]],
    ['kube-proxy', [kubeconfig, ...proxyOptions(around, metrics, health)]],
  ];
}

const controlOptions = ({ folder }: Surroundings, port: number): string[] => [
  '--bind-address=127.0.0.1',
  '--port=0',
  `--secure-port=${port}`,
  `--cert-dir=${join(folder, 'pki')}`,
  '--leader-elect=false',
];

const kubeletOptions = ({ folder, bridge, engine }: Surroundings, port: number): string[] => [
  `--root-dir=${folder}`,
  `--cert-dir=${join(folder, 'pki')}`,
  `--experimental-dockershim-root-directory=${join(folder, 'dockershim')}`,
  `--seccomp-profile-root=${join(folder, 'seccomp')}`,
  `--volume-plugin-dir=${join(folder, 'volume-plugins')}`,
  `--hostname-override=${MACHINE}`,
  `--node-ip=${bridge.gateway}`,
  '--address=127.0.0.1',
  `--port=${port}`,
  '--read-only-port=0',
  '--healthz-port=0',
  '--container-runtime=docker',
  `--docker-endpoint=${engine.socket}`,
  `--cgroup-driver=${engine.cgroupDriver}`,
  `--pod-infra-container-image=${engine.pauseImage}`,
  // A container's machine often may make no groups of processes of its own; limits of containers hold all the same.
  '--cgroups-per-qos=false',
  '--enforce-node-allocatable=',
  '--fail-swap-on=false',
  // The machine is no pods' own: neither its images nor what else runs on it are the kubelet's to remove.
  '--image-gc-high-threshold=100',
  '--eviction-hard=memory.available<50Mi',
  `--cluster-dns=${bridge.gateway}`,
  `--cluster-domain=${CLUSTER_DOMAIN}`,
];

const proxyOptions = ({ bridge }: Surroundings, metrics: number, health: number): string[] => [
  '--proxy-mode=iptables',
  `--cluster-cidr=${bridge.subnet}`,
  `--hostname-override=${MACHINE}`,
  '--bind-address=127.0.0.1',
  `--metrics-bind-address=127.0.0.1:${metrics}`,
  `--healthz-bind-address=127.0.0.1:${health}`,
  '--nodeport-addresses=127.0.0.0/8',
  // The machine's table of connections stays as large and as patient as it is.
  '--conntrack-max-per-core=0',
  '--conntrack-tcp-timeout-established=0',
  '--conntrack-tcp-timeout-close-wait=0',
];
