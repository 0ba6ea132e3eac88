import { containersOf, nameOf, selects, titleOf, type Manifests, type Selector, type Workload } from '../manifests.js';

/** What points at something that is not there, or at nothing: selectors, ports, scalers, monitors. */
export function referenceProblems(manifests: Manifests): string[] {
  return [
    ...sameNames(manifests),
    ...ownSelectors(manifests),
    ...services(manifests),
    ...targets(manifests),
    ...scalers(manifests),
    ...monitors(manifests),
  ];
}

function sameNames({ objects }: Manifests): string[] {
  const titles = objects.map(titleOf);
  const twice = titles.filter((title, index) => titles.indexOf(title) < index);
  const [namespace = ''] = objects.filter(({ kind }) => kind === 'Namespace').map(nameOf);
  const elsewhere = objects.filter(({ kind, metadata }) => kind !== 'Namespace' && metadata?.namespace !== namespace);
  return [
    ...twice.map((title) => `${title} is there twice`),
    ...elsewhere.map((object) => `${titleOf(object)} is not in the namespace ${namespace}`),
  ];
}

function ownSelectors(manifests: Manifests): string[] {
  return manifests.workloads().flatMap(({ name, object, labels, pod }) => {
    const own = object.spec?.selector ?? {};
    const spread = pod.topologySpreadConstraints ?? [];
    return [
      ...(isEmpty(own) || !selects(own, labels) ? [`${name}: its selector does not find its own pods`] : []),
      ...spread
        .filter(({ labelSelector = {} }) => isEmpty(labelSelector) || !selects(labelSelector, labels))
        .map(() => `${name}: is spread by pods that are not its own`),
    ];
  });
}

const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: Selector): boolean =>
  Object.keys(matchLabels).length + matchExpressions.length === 0;

/** Each Service finds the pods of one workload, and each port of it a port that they name. */
function services(manifests: Manifests): string[] {
  const workloads = manifests.workloads();
  const named = manifests.of('Service').flatMap((service) => {
    const { selector = {}, ports = [] } = service.spec ?? {};
    const found = workloads.filter(({ labels }) => selects({ matchLabels: selector }, labels));
    const [workload] = found;
    if (workload === undefined || found.length > 1) return [`${titleOf(service)} finds ${found.length} workloads`];
    const containerPorts = containersOf(workload).flatMap((container) => container.ports ?? []);
    return ports.flatMap(({ name, port, targetPort }) => {
      const target = containerPorts.find((containerPort) => containerPort.name === targetPort);
      if (target === undefined) return [`${titleOf(service)}: ${workload.name} has no port ${targetPort ?? 'none'}`];
      return [
        ...(isPort(port) && isPort(target.containerPort) ? [] : [`${titleOf(service)}: ${port} is no port`]),
        ...(port === target.containerPort ? [] : [`${titleOf(service)}: ${name ?? port} is another port inside`]),
      ];
    });
  });
  const sets = manifests.of('StatefulSet').filter((set) => {
    const { serviceName = '' } = set.spec ?? {};
    return !manifests.of('Service').some((service) => nameOf(service) === serviceName && isHeadless(service));
  });
  return [...named, ...sets.map((set) => `${titleOf(set)} has no headless Service of its own`)];
}

const isPort = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 65_535;

const isHeadless = ({ spec }: { spec?: { clusterIP?: string } }): boolean => spec?.clusterIP === 'None';

/** Budgets and policies that are for nobody, ports of policies that nobody has. */
function targets(manifests: Manifests): string[] {
  const workloads = manifests.workloads();
  const found = (selector: Selector): Workload[] => workloads.filter(({ labels }) => selects(selector, labels));
  const budgets = manifests.of('PodDisruptionBudget').filter((budget) => {
    const { selector = {} } = budget.spec ?? {};
    return isEmpty(selector) || found(selector).length !== 1;
  });
  const policies = manifests.of('NetworkPolicy').flatMap((policy) => {
    const { podSelector = {}, ingress = [], egress = [] } = policy.spec ?? {};
    const own = found(podSelector);
    const peers = [...ingress.flatMap(({ from = [] }) => from), ...egress.flatMap(({ to = [] }) => to)];
    const strangers = peers.filter(
      ({ podSelector: peer, namespaceSelector: other }) =>
        peer !== undefined && other === undefined && found(peer).length === 0,
    );
    const wanted = ingress.flatMap(({ ports = [] }) => ports.map(({ port }) => port));
    const lacking = wanted.filter((port) => typeof port === 'string' && !own.every((pod) => hasPort(pod, port)));
    return [
      ...(own.length === 0 ? [`${titleOf(policy)} is for no pod`] : []),
      ...strangers.map(() => `${titleOf(policy)} speaks of pods that are not there`),
      ...lacking.map((port) => `${titleOf(policy)} opens the port ${port ?? ''}, which some of its pods do not have`),
    ];
  });
  return [...budgets.map((budget) => `${titleOf(budget)} is for no workload`), ...policies];
}

const hasPort = (workload: Workload, name: string): boolean =>
  containersOf(workload).some(({ ports = [] }) => ports.some((port) => port.name === name));

function scalers(manifests: Manifests): string[] {
  return manifests.of('HorizontalPodAutoscaler').flatMap((scaler) => {
    const { scaleTargetRef, minReplicas = 1, maxReplicas } = scaler.spec;
    const target = manifests
      .of('Deployment')
      .find((object) => nameOf(object) === scaleTargetRef.name && object.kind === scaleTargetRef.kind);
    if (target === undefined) return [`${titleOf(scaler)} scales nothing`];
    return [
      ...(target.spec?.replicas === undefined ? [] : [`${titleOf(target)}: an apply would undo its autoscaler`]),
      ...(minReplicas < maxReplicas ? [] : [`${titleOf(scaler)} has no room`]),
    ];
  });
}

/** Each monitor finds Services with its port, and the label that names the job. */
function monitors(manifests: Manifests): string[] {
  return manifests.of('ServiceMonitor').flatMap((monitor) => {
    const { selector, endpoints, jobLabel = '' } = monitor.spec;
    const found = manifests.of('Service').filter(({ metadata }) => selects(selector, metadata?.labels ?? {}));
    return endpoints.flatMap(({ port }) => {
      const scraped = found.filter(({ spec }) => spec?.ports?.some(({ name }) => name === port) === true);
      const jobless = scraped.filter(({ metadata }) => metadata?.labels?.[jobLabel] === undefined);
      return [
        ...(scraped.length === 0 ? [`${titleOf(monitor)} finds no port ${port ?? ''}`] : []),
        ...jobless.map((service) => `${titleOf(monitor)}: ${titleOf(service)} has no name for its job`),
      ];
    });
  });
}
