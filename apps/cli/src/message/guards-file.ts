import { join } from 'node:path';
import { z } from 'zod';
import { homeFolder } from '../files/home.js';
import { readIfThere, replaceFile } from '../files/private-file.js';

/** Networks that are remembered; the oldest entry goes first. */
const MAX_NETWORKS = 20;
const guardsFile = z.record(z.string(), z.array(z.string()));

/** The first nodes of earlier paths, by network: a client that takes new ones each time meets a bad one sooner. */
export class GuardsFile {
  private readonly path: string;

  constructor(
    env: NodeJS.ProcessEnv,
    private readonly seedUrl: string,
  ) {
    this.path = join(homeFolder(env), 'guards.json');
  }

  async load(): Promise<readonly string[]> {
    return (await this.read())[this.seedUrl] ?? [];
  }

  async save(guards: readonly string[]): Promise<void> {
    const { [this.seedUrl]: _old, ...others } = await this.read();
    const kept = Object.entries({ ...others, [this.seedUrl]: guards }).slice(-MAX_NETWORKS);
    await replaceFile(this.path, `${JSON.stringify(Object.fromEntries(kept))}\n`);
  }

  private async read(): Promise<Record<string, readonly string[]>> {
    const text = await readIfThere(this.path);
    try {
      return guardsFile.parse(JSON.parse(text ?? '{}'));
    } catch {
      return {}; // damaged: new guards are a small loss
    }
  }
}
