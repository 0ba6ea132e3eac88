import type { ContainerRuntimeClient } from 'testcontainers';
import type { Server, ServerRecipe } from './server.js';

/** Pulling an image over a slow line takes most of it. */
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_S = 5;
const LAST_LINES = 10;
const CONFIG_DIR = '/etc/starling-test';
const DATA_DIR = '/tmp';

type Container = ReturnType<ContainerRuntimeClient['container']['getById']>;

/** A container whose port is published on one fixed port of this machine, so that its address survives restarts. */
export class ContainerServer implements Server {
  private container: Container | null = null;

  constructor(
    private readonly recipe: ServerRecipe,
    private readonly port: number,
  ) {}

  async start(): Promise<void> {
    if (this.container) {
      await this.container.start();
      return;
    }
    const { recipe } = this;
    const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
    const target = `${CONFIG_DIR}/${recipe.configFile}`;
    const content = recipe.config({ port: recipe.containerPort, host: '0.0.0.0', dir: DATA_DIR });
    const started = await new GenericContainer(recipe.image)
      .withCommand([recipe.binaries[0] ?? '', ...recipe.args(target)])
      .withCopyContentToContainer([{ content, target }])
      .withExposedPorts({ container: recipe.containerPort, host: this.port })
      .withWaitStrategy(Wait.forListeningPorts())
      .withStartupTimeout(START_TIMEOUT_MS)
      .start();
    // Its own stop() works only once, so from here on the engine is asked directly.
    const { container: containers } = await getContainerRuntimeClient();
    this.container = containers.getById(started.getId());
  }

  async stop(): Promise<void> {
    if (await this.isRunning()) await this.container?.stop({ t: STOP_TIMEOUT_S });
  }

  async kill(): Promise<void> {
    if (await this.isRunning()) await this.container?.kill();
  }

  async remove(): Promise<void> {
    await this.container?.remove({ force: true, v: true });
    this.container = null;
  }

  async lastWords(): Promise<string> {
    const log = await this.container?.logs({ stdout: true, stderr: true, tail: LAST_LINES });
    return log?.toString('utf8') ?? '';
  }

  private async isRunning(): Promise<boolean> {
    const state = (await this.container?.inspect())?.State;
    return state?.Running ?? false;
  }
}
