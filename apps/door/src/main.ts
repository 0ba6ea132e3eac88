import 'reflect-metadata';
import { runService } from '#platform';
import { DoorModule } from './app.module.js';
import { DOOR_PREFIX, doorSchema } from './door.config.js';

await runService({
  name: 'door',
  prefix: DOOR_PREFIX,
  schema: doorSchema,
  standsAlone: true,
  module: () => DoorModule.create(),
});
