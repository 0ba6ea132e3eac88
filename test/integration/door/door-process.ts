import { freePorts, ServiceProcess } from '#testing';

/** A door as an operator starts it. */
export class DoorProcess extends ServiceProcess {
  private constructor(
    readonly httpsPort: number,
    readonly peerPort: number,
    env: NodeJS.ProcessEnv,
  ) {
    super('door', env);
  }

  /** `settings` say where the relays are. */
  static async start(settings: Readonly<Record<string, string>>): Promise<DoorProcess> {
    const [httpsPort = 0, peerPort = 0, adminPort = 0] = await freePorts(3);
    return new DoorProcess(httpsPort, peerPort, {
      PATH: process.env.PATH,
      DOOR_HTTPS_HOST: '127.0.0.1',
      DOOR_HTTPS_PORT: String(httpsPort),
      DOOR_PEER_HOST: '127.0.0.1',
      DOOR_PEER_PORT: String(peerPort),
      DOOR_ADMIN_PORT: String(adminPort),
      ...settings,
    });
  }

  async metric(series: string): Promise<number> {
    const line = (await this.metrics()).split('\n').find((each) => each.startsWith(`${series} `));
    if (line === undefined) throw new Error(`no ${series} in its metrics`);
    return Number(line.slice(series.length));
  }
}
