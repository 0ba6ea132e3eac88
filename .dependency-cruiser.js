/**
 * What each folder may import (docs/architecture.md, "House plan"). An import that no rule allows fails the build.
 * `to` patterns of packages match their path below node_modules.
 */
const libs = ['protocol', 'contracts', 'platform', 'transport', 'client', 'testing'];
const apps = ['relay', 'storage', 'swarm-manager', 'door', 'cli'];

/** Libraries of ours that a folder may use, besides its own files. */
const mayUse = {
  'libs/protocol': [],
  'libs/contracts': ['protocol'],
  'libs/platform': ['protocol'],
  'libs/transport': ['protocol', 'platform'],
  'libs/client': ['protocol'],
  'libs/testing': libs,
  'apps/relay': ['protocol', 'contracts', 'platform', 'transport'],
  'apps/storage': ['protocol', 'contracts', 'platform', 'transport'],
  'apps/swarm-manager': ['protocol', 'contracts', 'platform', 'transport'],
  'apps/door': ['platform'],
  'apps/cli': ['protocol', 'contracts', 'platform', 'client'],
};

/** Another app is imported by nobody, with one exception: the settings of a service are what its operator is told. */
const mayRead = { 'apps/cli': '^apps/(relay|storage|swarm-manager|door)/src/[^/]+\\.config\\.ts$' };

const ours = Object.entries(mayUse).map(([folder, allowed]) => {
  const forbiddenLibs = libs
    .filter((lib) => !allowed.includes(lib) && folder !== `libs/${lib}`)
    .map((lib) => `libs/${lib}`);
  const forbiddenApps = apps.map((app) => `apps/${app}`).filter((app) => app !== folder);
  return {
    name: `house-plan-${folder.replace('/', '-')}`,
    comment: `${folder} may import only: ${allowed.join(', ') || 'nothing of ours'}`,
    severity: 'error',
    from: { path: `^${folder}/`, pathNot: '\\.test\\.ts$' },
    to: {
      path: `^(${[...forbiddenLibs, ...forbiddenApps, 'test', 'bench', 'scripts'].join('|')})/`,
      ...(folder in mayRead ? { pathNot: mayRead[folder] } : {}),
    },
  };
});

export default {
  forbidden: [
    ...ours,
    {
      name: 'protocol-is-pure',
      comment: 'libs/protocol runs in a browser: @noble only, no files, network, clock or environment',
      severity: 'error',
      from: { path: '^libs/protocol/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^libs/protocol/', '^node_modules/@noble/'] },
    },
    {
      name: 'contracts-have-no-logic',
      severity: 'error',
      from: { path: '^libs/contracts/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^libs/(contracts|protocol)/', '^node_modules/zod/'] },
    },
    {
      name: 'client-knows-no-nest',
      severity: 'error',
      from: { path: '^libs/client/' },
      to: { path: '^node_modules/@nestjs/' },
    },
    {
      name: 'redis-only-in-storage',
      comment: 'messages have one owner; platform holds the connection code',
      severity: 'error',
      from: { path: '^(apps/(relay|swarm-manager|door)|libs/(transport|client|contracts))/' },
      to: { path: '^node_modules/ioredis/' },
    },
    {
      name: 'no-express-no-nest-cli-at-run-time',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^node_modules/(express|@nestjs/(cli|schematics|platform-express))/' },
    },
    {
      name: 'libs-through-the-front-door',
      comment: 'another folder of ours is imported by its index only (#name)',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/', pathNot: ['^libs/[^/]+/src/index\\.ts$', '^$1/$2/'] },
    },
    {
      name: 'dashboards-know-no-service',
      comment: 'what a service exports is asked of a running one, by test/network/metrics.test.ts',
      severity: 'error',
      from: { path: '^monitoring/' },
      to: { path: '^(apps|bench|scripts)/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-test-tools-in-services',
      severity: 'error',
      from: { path: '^(apps|libs/(?!testing))', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
