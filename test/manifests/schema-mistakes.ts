import { podOf, set, type Mistake } from './mistakes.js';

/** What the types and models of Kubernetes tell. */
export const SCHEMA_MISTAKES: readonly Mistake[] = [
  {
    what: 'a Secret, which belongs to whoever runs the node',
    make: (manifests) => set(manifests.of('ConfigMap')[0], { kind: 'Secret' }),
    told: /Secret starling-.*: v1 is not an API that the manifests use/,
  },
  {
    what: 'a misspelt field',
    make: (manifests) => set(manifests.get('Deployment', 'relay').spec, { replicaz: 2 }),
    told: /Deployment relay: "replicaz": 2.*does not exist/,
  },
  {
    what: 'a field one level too high',
    make: (manifests) => set(podOf(manifests, 'storage'), { resources: [], readinessProbe: {} }),
    told: /Deployment storage: .*"(readinessProbe|resources)"/,
  },
  {
    what: 'a number in words',
    make: (manifests) => set(manifests.get('StatefulSet', 'nats').spec, { replicas: 'three' }),
    told: /StatefulSet nats: .*replicas/,
  },
  {
    what: 'a value that is none of the allowed ones',
    make: (manifests) => set(manifests.get('Service', 'relay').spec, { externalTrafficPolicy: 'local' }),
    told: /Service relay: "externalTrafficPolicy": "local"/,
  },
  {
    what: 'a rule without its expression',
    make: (manifests) =>
      set(manifests.get('PrometheusRule', 'starling').spec.groups?.[1]?.rules?.[0], { expr: undefined }),
    told: /PrometheusRule starling: /,
  },
  {
    what: 'an API that a current Kubernetes no longer has',
    make: (manifests) => set(manifests.get('PodDisruptionBudget', 'relay'), { apiVersion: 'policy/v1beta1' }),
    told: /PodDisruptionBudget relay: policy\/v1beta1/,
  },
];
