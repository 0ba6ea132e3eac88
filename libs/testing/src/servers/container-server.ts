import type { StartedTestContainer } from 'testcontainers';
import type { Server, ServerRecipe } from './server.js';

/** Pulling an image over a slow line takes most of it. */
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_S = 5;
const LAST_LINES = 10;
const CONFIG_DIR = '/etc/starling-test';
const DATA_DIR = '/tmp';

/** A container whose port is published on one fixed port of this machine, so that its address survives restarts. */
export class ContainerServer implements Server {
  private container: StartedTestContainer | null = null;

  constructor(
    private readonly recipe: ServerRecipe,
    private readonly port: number,
  ) {}

  async start(): Promise<void> {
    if (this.container) {
      await this.container.restart({ timeout: STOP_TIMEOUT_S });
      return;
    }
    const { recipe } = this;
    const { GenericContainer, Wait } = await import('testcontainers');
    const target = `${CONFIG_DIR}/${recipe.configFile}`;
    const content = recipe.config({ port: recipe.containerPort, host: '0.0.0.0', dir: DATA_DIR });
    this.container = await new GenericContainer(recipe.image)
      .withCommand([recipe.binaries[0] ?? '', ...recipe.args(target)])
      .withCopyContentToContainer([{ content, target }])
      .withExposedPorts({ container: recipe.containerPort, host: this.port })
      .withWaitStrategy(Wait.forListeningPorts())
      .withStartupTimeout(START_TIMEOUT_MS)
      .start();
  }

  async stop(): Promise<void> {
    await this.container?.stop({ remove: false, timeout: STOP_TIMEOUT_S * 1_000 });
  }

  async kill(): Promise<void> {
    if (!this.container) return;
    const { getContainerRuntimeClient } = await import('testcontainers');
    const { container } = await getContainerRuntimeClient();
    await container.getById(this.container.getId()).kill();
  }

  async remove(): Promise<void> {
    await this.container?.stop({ remove: true, removeVolumes: true, timeout: STOP_TIMEOUT_S * 1_000 });
    this.container = null;
  }

  async lastWords(): Promise<string> {
    if (!this.container) return '';
    const { getContainerRuntimeClient } = await import('testcontainers');
    const { container } = await getContainerRuntimeClient();
    const log = await container.getById(this.container.getId()).logs({ stdout: true, stderr: true, tail: LAST_LINES });
    return log.toString('utf8');
  }
}
