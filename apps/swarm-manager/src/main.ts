import 'reflect-metadata';
import { runService } from '#platform';
import { SwarmManagerModule } from './app.module.js';
import { SWARM_MANAGER_PREFIX, swarmManagerSchema } from './swarm-manager.config.js';

await runService({
  name: 'swarm-manager',
  prefix: SWARM_MANAGER_PREFIX,
  schema: swarmManagerSchema,
  module: (config) => SwarmManagerModule.with(config),
});
