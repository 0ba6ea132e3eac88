/** ES modules on Jest: swc transpiles our TypeScript, everything in node_modules is loaded as it is. */
const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  setupFiles: ['reflect-metadata'],
  moduleNameMapper: {
    '^#(protocol|contracts|platform|transport|client|testing)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
      },
    ],
  },
};

/** Kinds of tests by what they need: `--selectProjects unit` and so on. CONTRIBUTING.md has the table. */
const project = (displayName, ...folders) => ({
  ...common,
  displayName,
  testMatch: folders.map((folder) => `<rootDir>/${folder}/**/*.test.ts`),
});

export default {
  projects: [
    project('unit', 'apps', 'libs', 'bench', 'monitoring', 'test/abuse', 'test/manifests'),
    project('integration', 'test/integration'),
    project('network', 'test/network', 'test/compat'),
    project('conformance', 'test/conformance'),
    project('containers', 'test/containers'),
    project('kubernetes', 'test/kubernetes'),
  ],
};
