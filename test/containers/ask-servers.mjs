// Runs inside a container beside a node: talks to its Redis and NATS without credentials, and with wrong ones. One JSON
// object says what they answered.
import { connect } from 'node:net';

const TIMEOUT_MS = 5_000;

/** What a server answers to a text, up to the first answer that `isLast` knows. */
function answerOf(host, port, text, isLast) {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ host, port }, () => socket.write(text));
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`${host} says no more than ${answer}`)));
    socket.setEncoding('utf8').on('data', (part) => {
      answer += part;
      if (isLast.test(answer)) socket.destroy();
    });
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}

const REDIS = [
  'PING\r\n',
  'GET starling:x\r\n',
  'AUTH default\r\n',
  'AUTH default starling\r\n',
  'AUTH starling starling\r\n',
  'CONFIG GET dir\r\n',
];
const NATS = ['CONNECT {}\r\nPING\r\n', 'CONNECT {"user":"starling","pass":"starling"}\r\nPING\r\n'];
const answers = {
  redis: await Promise.all(REDIS.map((text) => answerOf('redis', 6_379, text, /\r\n/))),
  nats: await Promise.all(NATS.map((text) => answerOf('nats', 4_222, text, /-ERR|PONG/))),
};
process.stdout.write(`${JSON.stringify(answers)}\n`);
