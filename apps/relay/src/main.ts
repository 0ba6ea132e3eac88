import 'reflect-metadata';
import { runService } from '#platform';
import { RelayModule } from './app.module.js';
import { RELAY_PREFIX, relaySchema } from './relay.config.js';

await runService({
  name: 'relay',
  prefix: RELAY_PREFIX,
  schema: relaySchema,
  workers: ({ RELAY_WORKERS }) => RELAY_WORKERS,
  module: () => RelayModule.create(),
});
