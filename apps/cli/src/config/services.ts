import type { z } from 'zod';
import { DOOR_PREFIX, doorSchema } from '../../../door/src/door.config.js';
import { RELAY_PREFIX, relaySchema } from '../../../relay/src/relay.config.js';
import { STORAGE_PREFIX, storageSchema } from '../../../storage/src/storage.config.js';
import { SWARM_MANAGER_PREFIX, swarmManagerSchema } from '../../../swarm-manager/src/swarm-manager.config.js';

export type ServiceName = 'relay' | 'storage' | 'swarm-manager' | 'door';

export interface ServiceSettings {
  readonly name: ServiceName;
  /** Of its environment variables, with the underscore. */
  readonly prefix: string;
  readonly schema: z.ZodObject;
  /** True: many nodes have none, and where there are no settings of it there is nothing to say. */
  readonly isOptional?: boolean;
}

/** The services of a node with their settings, as they read them themselves. */
export const SERVICES: readonly ServiceSettings[] = [
  { name: 'relay', prefix: RELAY_PREFIX, schema: relaySchema },
  { name: 'storage', prefix: STORAGE_PREFIX, schema: storageSchema },
  { name: 'swarm-manager', prefix: SWARM_MANAGER_PREFIX, schema: swarmManagerSchema },
  { name: 'door', prefix: DOOR_PREFIX, schema: doorSchema, isOptional: true },
];
