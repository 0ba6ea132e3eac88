import ipaddr from 'ipaddr.js';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { selects, type Labels, type Manifests } from '../manifests.js';

type Spec = NonNullable<INetworkPolicy['spec']>;
type Peer = NonNullable<NonNullable<Spec['ingress']>[number]['from']>[number];
type Port = NonNullable<NonNullable<Spec['ingress']>[number]['ports']>[number];

/** Somebody who may talk or be talked to. Without labels it is no pod of this cluster. */
export interface Party {
  readonly address: string;
  readonly labels?: Labels;
  /** Of its namespace. */
  readonly namespace?: Labels;
  readonly isOurs?: boolean;
}

export interface Door {
  readonly name?: string;
  readonly number: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** Whether the policies let a connection through: both ends must allow it, and an end without a policy allows all. */
export function isAllowed(manifests: Manifests, from: Party, to: Party, door: Door): boolean {
  const specs = manifests.of('NetworkPolicy').flatMap(({ spec }) => (spec === undefined ? [] : [spec]));
  const outOf = rulesFor(specs, from, 'Egress')?.flatMap(({ egress = [] }) => egress);
  const into = rulesFor(specs, to, 'Ingress')?.flatMap(({ ingress = [] }) => ingress);
  return (
    (outOf === undefined || outOf.some((rule) => admits(rule.to, to) && opens(rule.ports, door))) &&
    (into === undefined || into.some((rule) => admits(rule.from, from) && opens(rule.ports, door)))
  );
}

/** Undefined where no policy is for this party. */
function rulesFor(specs: readonly Spec[], party: Party, direction: 'Ingress' | 'Egress'): Spec[] | undefined {
  if (party.isOurs !== true) return undefined;
  const own = specs.filter(
    ({ podSelector = {}, policyTypes = [] }) =>
      policyTypes.includes(direction) && selects(podSelector, party.labels ?? {}),
  );
  return own.length === 0 ? undefined : own;
}

/** A rule that names no peers is for all. */
const admits = (peers: readonly Peer[] | undefined, party: Party): boolean =>
  peers === undefined || peers.length === 0 || peers.some((peer) => isMeant(peer, party));

function isMeant({ ipBlock, podSelector, namespaceSelector }: Peer, party: Party): boolean {
  if (ipBlock !== undefined) {
    return (
      isWithin(party.address, ipBlock.cidr) && !(ipBlock.except ?? []).some((cidr) => isWithin(party.address, cidr))
    );
  }
  if (party.labels === undefined) return false;
  const isThere =
    namespaceSelector === undefined ? party.isOurs === true : selects(namespaceSelector, party.namespace ?? {});
  return isThere && (podSelector === undefined || selects(podSelector, party.labels));
}

function isWithin(address: string, cidr: string): boolean {
  const parsed = ipaddr.parse(address);
  const [range, bits] = ipaddr.parseCIDR(cidr);
  return parsed.kind() === range.kind() && parsed.match([range, bits]);
}

const opens = (ports: readonly Port[] | undefined, door: Door): boolean =>
  ports === undefined || ports.length === 0 || ports.some((port) => isOpen(port, door));

function isOpen({ port, endPort, protocol = 'TCP' }: Port, door: Door): boolean {
  if (protocol !== door.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === 'string') return port === door.name;
  return door.number >= port && door.number <= (endPort ?? port);
}
