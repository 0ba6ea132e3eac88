import { connect, type NatsConnection } from '@nats-io/transport-node';
import {
  SUBJECTS,
  decodeRelayReport,
  decodeRpcCall,
  encodeNodeStanding,
  encodeRpcAnswer,
  encodeSnapshot,
  type NodeStanding,
  type RelayReport,
  type RpcAnswer,
  type RpcCall,
} from '#contracts';
import type { NetworkSnapshot } from '#protocol';
import type { NatsAccount } from '#testing';

/** What every storage stub says when nobody told it otherwise; the reply of the vectors. */
export const INFO_REPLY = '{"hf":[19,4],"t":1700000000000,"timestamp":1700000000000,"version":[2,8,0]}';

export const answer = (status: number, kind: RpcAnswer['kind'], body: string | Uint8Array): RpcAnswer => ({
  status,
  kind,
  body: Buffer.from(body),
});

type Answerer = (call: RpcCall) => RpcAnswer | Promise<RpcAnswer>;

/** The other services of a relay's node, on the real bus: a storage that answers as told, and the membership. */
export class NodeStub {
  readonly calls: RpcCall[] = [];
  answerer: Answerer = () => answer(200, 'json', INFO_REPLY);
  private snapshot: NetworkSnapshot | undefined;

  private constructor(private readonly connection: NatsConnection) {
    this.startStorage();
    connection.subscribe(SUBJECTS.membershipCurrent, {
      callback: (_problem, message) => {
        message.respond(this.snapshot === undefined ? new Uint8Array() : encodeSnapshot(this.snapshot));
      },
    });
  }

  static async connect(url: string, account: NatsAccount): Promise<NodeStub> {
    return new NodeStub(await connect({ servers: url, user: account.user, pass: account.password }));
  }

  private stopListening = (): void => undefined;

  startStorage(): void {
    const subscription = this.connection.subscribe(SUBJECTS.storageRpc, {
      callback: (_problem, message) => {
        const call = decodeRpcCall(message.data);
        this.calls.push({ ...call, body: call.body.slice() });
        void Promise.resolve(this.answerer(call)).then((reply) => message.respond(encodeRpcAnswer(reply)));
      },
    });
    this.stopListening = () => subscription.unsubscribe();
  }

  async stopStorage(): Promise<void> {
    this.stopListening();
    await this.connection.flush();
  }

  /** Answers on another subject, as swarm-manager would. Returns when the server knows. */
  async answerOn(subject: string, answerer: (data: Uint8Array) => Uint8Array): Promise<void> {
    this.connection.subscribe(subject, {
      callback: (_problem, message) => void message.respond(answerer(message.data)),
    });
    await this.connection.flush();
  }

  /** What the relay reports from now on. */
  async reports(): Promise<readonly RelayReport[]> {
    const heard: RelayReport[] = [];
    this.connection.subscribe(SUBJECTS.relayReport, {
      callback: (_problem, message) => void heard.push(decodeRelayReport(message.data)),
    });
    await this.connection.flush();
    return heard;
  }

  tell(standing: NodeStanding): void {
    this.connection.publish(SUBJECTS.standingNow, encodeNodeStanding(standing));
  }

  /** As a service of another version would. */
  tellRaw(bytes: Uint8Array): void {
    this.connection.publish(SUBJECTS.standingNow, bytes);
  }

  publish(snapshot: NetworkSnapshot): void {
    this.snapshot = snapshot;
    this.connection.publish(SUBJECTS.membershipSnapshot, encodeSnapshot(snapshot));
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}
