import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import type { NodeRecord } from '#protocol';
import { MachineAddresses } from './own-addresses.js';

const ANNOUNCED = '9.9.9.9';
const self: NodeRecord = {
  ed25519: 'aa'.repeat(32),
  x25519: 'bb'.repeat(32),
  ip: ANNOUNCED,
  httpsPort: 22_021,
  peerPort: 22_020,
  state: 'active',
  swarmId: 7n,
  version: [2, 8, 0],
};

const at = (cidr: string): NetworkInterfaceInfo => ({
  ...(cidr.includes(':') ? { family: 'IPv6', scopeid: 0 } : { family: 'IPv4' }),
  address: cidr.split('/')[0] ?? '',
  netmask: '',
  mac: '00:00:00:00:00:00',
  internal: false,
  cidr,
});

describe('the addresses of this machine', () => {
  const machine = new MachineAddresses({ self }, () => ({
    eth0: [at('51.15.20.30/24'), at('2a01:4f8:1:2::5/64')],
    tun0: [at('25.1.2.3/8'), { ...at('6.6.6.6/0'), cidr: null }],
    gone: undefined,
  }));

  it.each([
    ['an interface has', '51.15.20.30'],
    ['an interface has, in another spelling', '2A01:04F8:1:2:0:0:0:5'],
    ['an interface without a mask has', '6.6.6.6'],
    ['the member list gives for it', ANNOUNCED],
    ['a neighbour has', '51.15.20.200'],
    ['a neighbour has in IPv6', '2a01:4f8:1:2:aaaa:bbbb:cccc:dddd'],
  ])('are those that %s', (_name, address) => {
    expect(machine.includes(address)).toBe(true);
  });

  it.each([
    ['of the next network', '51.15.21.30'],
    ['of the next network of IPv6', '2a01:4f8:1:3::5'],
    ['of a network that is wider than a site', '25.200.0.1'],
    ['that is none', 'files.example.org'],
  ])('are none %s', (_name, address) => {
    expect(machine.includes(address)).toBe(false);
  });
});
