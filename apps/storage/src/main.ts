import 'reflect-metadata';
import { runService } from '#platform';
import { StorageModule } from './app.module.js';
import { STORAGE_PREFIX, storageSchema } from './storage.config.js';

await runService({
  name: 'storage',
  prefix: STORAGE_PREFIX,
  schema: storageSchema,
  module: (config) => StorageModule.with(config),
});
