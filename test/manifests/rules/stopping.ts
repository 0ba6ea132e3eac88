import { DRAIN_MS } from '../../../libs/platform/src/bus/bus-server.js';
import { DISCONNECT_MS } from '../../../libs/platform/src/lifecycle/run-service.js';
import type { Manifests } from '../manifests.js';
import { environmentOf, SERVICES } from './settings.js';

/** Calls from the bus end, then the connection to NATS in two steps. */
const AFTER_DRAIN_MS = DRAIN_MS + 2 * DISCONNECT_MS;
/** Timers of the kubelet count in whole seconds. */
const MARGIN_MS = 1_000;
/** A pod that hangs must not stand in the way of an upgrade for long. */
const MOST_MS = 90_000;
/** What a relay has to drain when nobody says otherwise. */
const STANDARD_DRAIN_MS = 30_000;
/** What a cloud's balancer needs to see that a machine has no such pod any more: two looks five seconds apart. */
const LEAST_PAUSE_MS = 10_000;

/** Milliseconds that a service needs from the moment its pod is told to go, by its own settings. */
export function neededToStopMs(manifests: Manifests, name: string): number {
  return pauseMs(manifests, name) + drainMs(manifests, name) + AFTER_DRAIN_MS + MARGIN_MS;
}

function drainMs(manifests: Manifests, name: string): number {
  if (name !== 'relay') return 0;
  return Number(environmentOf(manifests, manifests.workload(name))['RELAY_DRAIN_MS'] ?? STANDARD_DRAIN_MS);
}

function pauseMs(manifests: Manifests, name: string): number {
  const [container] = manifests.workload(name).pod.containers;
  return (container?.lifecycle?.preStop?.sleep?.seconds ?? 0) * 1_000;
}

/** Nobody is cut off: each service gets the time it may take, and the public door stays open until balancers know. */
export function stoppingProblems(manifests: Manifests): string[] {
  const short = Object.keys(SERVICES).flatMap((name) => {
    const granted = (manifests.workload(name).pod.terminationGracePeriodSeconds ?? 0) * 1_000;
    const needed = neededToStopMs(manifests, name);
    if (granted < needed) return [`${name}: gets ${granted} ms to stop and may need ${needed}`];
    return granted > MOST_MS ? [`${name}: gets ${granted} ms to stop, which is too much`] : [];
  });
  const pause = pauseMs(manifests, 'relay');
  return pause >= LEAST_PAUSE_MS ? short : [...short, `relay: goes ${pause} ms after balancers are told`];
}
