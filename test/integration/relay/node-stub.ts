import { connect, type NatsConnection } from '@nats-io/transport-node';
import {
  SUBJECTS,
  decodeCommandCall,
  decodeRelayReport,
  decodeRpcCall,
  encodeCommandAnswers,
  encodeNodeStanding,
  encodeRpcAnswer,
  encodeSnapshot,
  type CommandAnswer,
  type CommandCall,
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
  /** What came in one message from another member, and the answers to it. */
  commandAnswerer = (call: CommandCall): Promise<CommandAnswer[]> => this.answerEach(call);
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
    const direct = this.connection.subscribe(SUBJECTS.storageRpc, {
      callback: (_problem, message) => {
        void this.answerTo(decodeRpcCall(message.data)).then((reply) => message.respond(encodeRpcAnswer(reply)));
      },
    });
    const passedOn = this.connection.subscribe(SUBJECTS.storageCommands, {
      callback: (_problem, message) => {
        const answers = this.commandAnswerer(decodeCommandCall(message.data));
        void answers.then((all) => message.respond(encodeCommandAnswers(all)));
      },
    });
    this.stopListening = () => {
      direct.unsubscribe();
      passedOn.unsubscribe();
    };
  }

  private answerEach({ commands, from }: CommandCall): Promise<RpcAnswer[]> {
    return Promise.all(
      commands.map(({ method, params, budgetMs }) => {
        return this.answerTo({ source: 'peer', method, body: params, budgetMs, from });
      }),
    );
  }

  private async answerTo(call: RpcCall): Promise<RpcAnswer> {
    this.calls.push({ ...call, body: call.body.slice() });
    return this.answerer(call);
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
