import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { IService } from 'kubernetes-models/v1/Service';
import { NO_ERROR, NO_SUCH_NAME, readQuestion, SERVER_FAILURE, TYPE_A, writeAnswer } from './dns-message.js';

export const CLUSTER_DOMAIN = 'cluster.local';

/** What we read of an object of the kind Endpoints. */
interface Behind {
  readonly subsets?: readonly { readonly addresses?: readonly { readonly ip: string; readonly hostname?: string }[] }[];
}

const DNS_PORT = 53;
/** What the API server has under a path; null when it has nothing there. */
export type Look = (path: string) => Promise<unknown>;

/**
 * The names of a cluster's Services, as its own DNS would give them: the address of a Service, or of each pod behind it
 * where it has none, and of one such pod by its name. Knows nothing of the world outside.
 */
export class ClusterNames {
  private constructor(
    private readonly socket: Socket,
    private readonly look: Look,
  ) {
    socket.on('message', (message, from) => {
      void this.answer(message).then((answer) => {
        if (answer !== null) socket.send(answer, from.port, from.address);
      });
    });
  }

  /** `port` is another one in a test alone: resolvers of pods know no other. */
  static async listen(address: string, look: Look, port = DNS_PORT): Promise<ClusterNames> {
    const socket = createSocket('udp4');
    socket.bind(port, address);
    await once(socket, 'listening');
    return new ClusterNames(socket, look);
  }

  async close(): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }

  private async answer(message: Buffer): Promise<Buffer | null> {
    const question = readQuestion(message);
    if (question === null) return null;
    try {
      const addresses = await this.addressesOf(question.name);
      if (addresses === null) return writeAnswer(question, NO_SUCH_NAME, []);
      return writeAnswer(question, NO_ERROR, question.type === TYPE_A ? addresses : []);
    } catch {
      return writeAnswer(question, SERVER_FAILURE, []); // the one who asks tries again, and says so when that fails
    }
  }

  /** Null where there is no such name. */
  private async addressesOf(name: string): Promise<string[] | null> {
    if (!name.endsWith(`.svc.${CLUSTER_DOMAIN}`)) return null;
    const [namespace, service, pod, ...more] = name.slice(0, -`.svc.${CLUSTER_DOMAIN}`.length).split('.').reverse();
    if (namespace === undefined || service === undefined || more.length > 0) return null;
    const at = (kind: string): string => `/api/v1/namespaces/${namespace}/${kind}/${service}`;
    const found = (await this.look(at('services'))) as IService | null;
    const address = found?.spec?.clusterIP;
    if (address === undefined) return null;
    if (address !== 'None') return pod === undefined ? [address] : null;
    const { subsets = [] } = ((await this.look(at('endpoints'))) ?? {}) as Behind;
    const pods = subsets.flatMap(({ addresses = [] }) => addresses);
    const wanted = pod === undefined ? pods : pods.filter(({ hostname }) => hostname === pod);
    return pod !== undefined && wanted.length === 0 ? null : wanted.map(({ ip }) => ip);
  }
}
