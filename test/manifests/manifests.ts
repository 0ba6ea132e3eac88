import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IStatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { INamespace } from 'kubernetes-models/v1/Namespace';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import type { IService } from 'kubernetes-models/v1/Service';
import type { IPrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import type { IServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { parseAllDocuments } from 'yaml';

/** Every kind that the manifests may have. */
interface Kinds {
  ConfigMap: IConfigMap;
  Deployment: IDeployment;
  HorizontalPodAutoscaler: IHorizontalPodAutoscaler;
  Namespace: INamespace;
  NetworkPolicy: INetworkPolicy;
  PersistentVolumeClaim: IPersistentVolumeClaim;
  PodDisruptionBudget: IPodDisruptionBudget;
  PrometheusRule: IPrometheusRule;
  Service: IService;
  ServiceMonitor: IServiceMonitor;
  StatefulSet: IStatefulSet;
}
export type Kind = keyof Kinds;
export type Manifest = Kinds[Kind];

export type Labels = Readonly<Record<string, string>>;
export type Selector = NonNullable<NonNullable<IDeployment['spec']>['selector']>;

/** What makes pods. */
export interface Workload {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly name: string;
  readonly object: IDeployment | IStatefulSet;
  /** Of its pods. */
  readonly labels: Labels;
  readonly pod: IPodSpec;
  /** Volumes that each pod gets for its own. */
  readonly claims: readonly string[];
}

/** What kustomize made of a folder. */
export class Manifests {
  constructor(readonly objects: readonly Manifest[]) {}

  static parse(text: string): Manifests {
    return new Manifests(parseAllDocuments(text).map((document) => document.toJS() as Manifest));
  }

  of<K extends Kind>(kind: K): Kinds[K][] {
    return this.objects.filter((object): object is Kinds[K] => object.kind === kind);
  }

  /** Throws when there is none of this name. */
  get<K extends Kind>(kind: K, name: string): Kinds[K] {
    const found = this.of(kind).find((object) => nameOf(object) === name);
    if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
    return found;
  }

  workloads(): Workload[] {
    return [...this.of('Deployment'), ...this.of('StatefulSet')].map((object) => ({
      kind: object.kind,
      name: nameOf(object),
      object,
      labels: object.spec?.template.metadata?.labels ?? {},
      pod: object.spec?.template.spec ?? { containers: [] },
      claims: object.kind === 'StatefulSet' ? (object.spec?.volumeClaimTemplates ?? []).map(nameOf) : [],
    }));
  }

  /** Throws when there is none of this name. */
  workload(name: string): Workload {
    const found = this.workloads().find((workload) => workload.name === name);
    if (found === undefined) throw new Error(`there is no workload ${name}`);
    return found;
  }
}

export const nameOf = ({ metadata }: { metadata?: { name?: string } }): string => metadata?.name ?? '';

export const titleOf = (object: Manifest): string => `${object.kind} ${nameOf(object)}`;

export const containersOf = ({ pod }: Workload): IContainer[] => [...(pod.initContainers ?? []), ...pod.containers];

/** What an empty selector says is for the caller to know. */
export function selects(selector: Selector, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const isEqual = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  return isEqual && matchExpressions.every((expression) => holds(expression, labels));
}

type Expression = NonNullable<Selector['matchExpressions']>[number];

function holds({ key, operator, values = [] }: Expression, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      throw new Error(`there is no operator ${operator}`);
  }
}
