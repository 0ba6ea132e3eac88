import { containerOf, podOf, set, settingsOf, type Mistake } from './mistakes.js';

/** What the rules of test/manifests/rules tell. */
export const RULE_MISTAKES: readonly Mistake[] = [
  {
    what: 'a selector that does not find its pods',
    make: (manifests) => set(manifests.get('Deployment', 'relay').spec?.selector.matchLabels, { tier: 'front' }),
    told: /relay: its selector does not find its own pods/,
  },
  {
    what: 'a Service for pods that are not there',
    make: (manifests) => set(manifests.get('Service', 'redis').spec?.selector, { 'app.kubernetes.io/name': 'redys' }),
    told: /Service redis finds 0 workloads/,
  },
  {
    what: 'a Service whose selector fits several workloads',
    make: (manifests) =>
      set(manifests.get('Service', 'nats').spec, { selector: { 'app.kubernetes.io/part-of': 'starling' } }),
    told: /Service nats finds 5 workloads/,
  },
  {
    what: 'a port by a name that no container has',
    make: (manifests) => set(manifests.get('Service', 'relay').spec?.ports?.[0], { targetPort: 'http' }),
    told: /Service relay: relay has no port http/,
  },
  {
    what: 'a port beyond the last one',
    make: (manifests) => set(manifests.get('Service', 'nats').spec?.ports?.[0], { port: 99_999 }),
    told: /Service nats: 99999 is no port/,
  },
  {
    what: 'a container that listens elsewhere than its settings say',
    make: (manifests) => set(settingsOf(manifests), { RELAY_HTTPS_PORT: '443' }),
    told: /relay: RELAY_HTTPS_PORT: is not the port https of the container/,
  },
  {
    what: 'a key that the Secret does not have',
    make: (manifests) => set(containerOf(manifests, 'redis').env?.[0]?.valueFrom?.secretKeyRef, { key: 'password' }),
    told: /redis: there is no Secret starling-node with the key password/,
  },
  {
    what: 'a ConfigMap under another name',
    make: (manifests) =>
      set(podOf(manifests, 'swarm-manager').volumes?.find(({ name }) => name === 'list')?.configMap, {
        name: 'starling-list',
      }),
    told: /swarm-manager: there is no ConfigMap starling-list/,
  },
  {
    what: 'a setting that does not exist',
    make: (manifests) => set(settingsOf(manifests), { RELAY_DRAIN_SECONDS: '30' }),
    told: /relay: RELAY_DRAIN_SECONDS: there is no such setting/,
  },
  {
    what: 'a setting with a value that the service refuses',
    make: (manifests) => set(settingsOf(manifests), { STORAGE_MIN_COPIES: 'two' }),
    told: /storage: STORAGE_MIN_COPIES: must be a whole number/,
  },
  {
    what: 'a setting that no service reads',
    make: (manifests) => set(settingsOf(manifests), { REDIS_URL: 'redis://redis:6379' }),
    told: /starling-settings: REDIS_URL is read by no service/,
  },
  {
    what: 'a password in the open',
    make: (manifests) => set(settingsOf(manifests), { STORAGE_NATS_PASSWORD: 'secret' }),
    told: /storage: STORAGE_NATS_PASSWORD: a secret stands in the manifest/,
  },
  {
    what: 'a password that is not taken from the Secret',
    make: (manifests) =>
      set(podOf(manifests, 'storage').volumes?.find(({ name }) => name === 'from')?.secret, {
        items: [{ key: 'node.key', path: 'node.key' }],
      }),
    told: /storage: STORAGE_REDIS_PASSWORD_FILE: \/secrets\/redis-password is not mounted/,
  },
  {
    what: 'a key that is not taken from the Secret',
    make: (manifests) =>
      set(podOf(manifests, 'relay').volumes?.find(({ name }) => name === 'from')?.secret, {
        items: [{ key: 'nats-password', path: 'nats-password' }],
      }),
    told: /relay: RELAY_KEY_FILE: \/secrets\/node\.key comes from no Secret/,
  },
  {
    what: 'the address of a server that is not there',
    make: (manifests) => set(settingsOf(manifests), { RELAY_NATS_URL: 'nats://bus:4222' }),
    told: /relay: RELAY_NATS_URL: there is no Service at nats:\/\/bus:4222/,
  },
  {
    what: 'a state directory that is lost with the root file system',
    make: (manifests) =>
      set(
        containerOf(manifests, 'swarm-manager').env?.find(({ name }) => name.endsWith('STATE_DIR')),
        { value: '/var/lib/starling' },
      ),
    told: /swarm-manager: SWARM_MANAGER_STATE_DIR: nothing is mounted at/,
  },
  {
    what: 'an admin port that probes do not reach',
    make: (manifests) =>
      set(
        containerOf(manifests, 'storage').env?.find(({ name }) => name.endsWith('ADMIN_HOST')),
        { value: '127.0.0.1' },
      ),
    told: /storage: STORAGE_ADMIN_HOST: no probe gets there/,
  },
  {
    what: 'variables of Services',
    make: (manifests) => set(podOf(manifests, 'relay'), { enableServiceLinks: undefined }),
    told: /relay: gets variables of Services/,
  },
  {
    what: 'a pod that may be root',
    make: (manifests) => set(podOf(manifests, 'nats').securityContext, { runAsNonRoot: false }),
    told: /nats: may run as root/,
  },
  {
    what: 'a container that keeps capabilities',
    make: (manifests) => set(containerOf(manifests, 'redis').securityContext, { capabilities: undefined }),
    told: /redis: redis keeps capabilities/,
  },
  {
    what: 'a folder of the machine',
    make: (manifests) =>
      set(
        podOf(manifests, 'relay').volumes?.find(({ name }) => name === 'state'),
        { emptyDir: undefined, hostPath: { path: '/var' } },
      ),
    told: /relay: has the volume state of the kind hostPath/,
  },
  {
    what: 'no limit of memory',
    make: (manifests) => set(containerOf(manifests, 'storage').resources, { limits: {} }),
    told: /storage: storage has no limit of memory/,
  },
  {
    what: 'an image that changes',
    make: (manifests) => set(containerOf(manifests, 'nats'), { image: 'nats:latest' }),
    told: /nats: nats has the image nats:latest/,
  },
  {
    what: 'no probe for readiness',
    make: (manifests) => set(containerOf(manifests, 'relay'), { readinessProbe: undefined }),
    told: /relay: relay has no readinessProbe/,
  },
  {
    what: 'a service that is killed for what another one lacks',
    make: (manifests) => set(containerOf(manifests, 'storage').livenessProbe?.httpGet, { path: '/health/ready' }),
    told: /storage: storage has the same probe for live and ready/,
  },
  {
    what: 'a longer drain in the time of the shorter one',
    make: (manifests) => set(settingsOf(manifests), { RELAY_DRAIN_MS: '45000' }),
    told: /relay: gets 60000 ms to stop and may need 75000/,
  },
  {
    what: 'a relay that goes before balancers know',
    make: (manifests) => set(containerOf(manifests, 'relay'), { lifecycle: undefined }),
    told: /relay: goes 0 ms after balancers are told/,
  },
  {
    what: 'a budget for nobody',
    make: (manifests) =>
      set(manifests.get('PodDisruptionBudget', 'storage').spec?.selector?.matchLabels, {
        'app.kubernetes.io/name': 'store',
      }),
    told: /PodDisruptionBudget storage is for no workload/,
  },
  {
    what: 'a policy for nobody',
    make: (manifests) =>
      set(manifests.get('NetworkPolicy', 'redis').spec?.podSelector?.matchLabels, {
        'app.kubernetes.io/name': 'store',
      }),
    told: /NetworkPolicy redis is for no pod/,
  },
  {
    what: 'a policy for a port that its pods do not have',
    make: (manifests) => set(manifests.get('NetworkPolicy', 'nats').spec?.ingress?.[0]?.ports?.[0], { port: 'bus' }),
    told: /NetworkPolicy nats opens the port bus/,
  },
  {
    what: 'an autoscaler whose work each apply undoes',
    make: (manifests) => set(manifests.get('Deployment', 'storage').spec, { replicas: 2 }),
    told: /Deployment storage: an apply would undo its autoscaler/,
  },
  {
    what: 'a monitor of a port that is not there',
    make: (manifests) => set(manifests.get('ServiceMonitor', 'starling').spec.endpoints[0], { port: 'metrics' }),
    told: /ServiceMonitor starling finds no port metrics/,
  },
];
