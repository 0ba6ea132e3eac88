import type { TestNode } from '#testing';

/** Admin ports of a node whose services are processes of their own, by the names of jobs that the rules know. */
export function jobsOf({ name, info: { admin_urls: urls } }: TestNode): Readonly<Record<string, readonly string[]>> {
  if (urls === null) throw new Error(`${name} does not run`);
  return { relay: [urls.relay], storage: [urls.storage], 'swarm-manager': [urls.swarm_manager] };
}
