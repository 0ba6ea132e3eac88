// Runs inside a container beside a node, with an address of its own: asks it as fast as it answers, on one connection, and
// prints the statuses. The port is in PORT.
import { Agent, request } from 'node:https';

const REQUESTS = 40;
const BODY = '{"method":"info","params":{}}';
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function ask() {
  return new Promise((resolve, reject) => {
    const options = { host: 'door', port: process.env.PORT, path: '/storage_rpc/v1', method: 'POST', agent };
    request({ ...options, rejectUnauthorized: false }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode));
    })
      .on('error', reject)
      .end(BODY);
  });
}

const statuses = [];
for (let i = 0; i < REQUESTS; i++) statuses.push(await ask());
agent.destroy();
process.stdout.write(`${JSON.stringify(statuses)}\n`);
