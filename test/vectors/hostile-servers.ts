/**
 * What a stranger may write into a layer to make a node call its own network (docs/protocol/onion.md §4.3). Each must
 * end before a connection: in the layer parser, or at the address rule that stands in front of every connection.
 */
export const HOSTS = [
  // loopback, in every spelling that some parser accepts
  '127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '0.0.0.0', '0', '00', '2130706433', '0x7f000001', '0x7f.1', '0x7f.0x0.0x0.0x1',
  '017700000001', '0177.0.0.1', '127.0.0.1.', '[::1]', '::1', '[0:0:0:0:0:0:0:1]', '[::]', '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001:0:7f00:1::]',
  // private, shared, link-local and metadata
  '10.0.0.5', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '100.127.255.255',
  '169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192', '168.63.129.16', '[fd00:ec2::254]', '[fe80::1]', '[fe80::1%25eth0]',
  '[fe80::1%eth0]', '[fec0::1]', '[fc00::1]', '[fdff::1]', '[::ffff:10.0.0.5]', '[::ffff:a9fe:a9fe]', '2852039166',
  '0xa9fea9fe', '0251.0376.0251.0376',
  // multicast, broadcast, reserved, documentation, benchmarks
  '224.0.0.1', '239.255.255.250', '255.255.255.255', '240.0.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.7', '198.18.0.1',
  '192.88.99.1', '[ff02::1]', '[2001:db8::1]', '[3fff::1]', '[100::1]', '[5f00::1]', '[4000::1]', '[e000::1]',
  '[2001:2::1]', '[2001:10::1]', '[2001:20::1]', '[2001:3::1]', '192.31.196.1', '192.52.193.1', '192.175.48.1', '0.1.2.3',
  // more than a host
  '10.0.0.5:8080', '10.0.0.5:8080/admin?x=', 'example.org:80', 'user@example.org', 'a:b@127.0.0.1', 'example.org/x',
  'example.org#', 'example.org?', 'example.org\\@127.0.0.1', 'http://127.0.0.1', '//127.0.0.1', '127.0.0.1%00.example.org',
  '127.0.0.1\u0000.example.org', 'example.org\r\nHost: inside', ' 127.0.0.1', '127.0.0.1 ', '\t127.0.0.1', '%31%32%37.0.0.1',
  '127。0。0。1', '①②⑦.⓪.⓪.①', '１２７.0.0.1', 'ⓛocalhost', '[127.0.0.1]', '[::1', '::1]', '[::1]:80', '[]', '', '.', '..', '-', 'a..b', '.a',
]; // prettier-ignore

export const TARGETS = [
  '/oxen/../admin/lsrpc', '/oxen/..', '/oxen/%2e%2e/admin/lsrpc', '/oxen/%2E./x/lsrpc', '/oxen//lsrpc', '//inside/oxen/lsrpc',
  '/oxen/v4/lsrpc#/lsrpc', '/oxen/x#y/lsrpc', '/oxen/v4?a=/lsrpc', '/oxen/a\\..\\b/lsrpc', '/oxen/a\r\nX: y/lsrpc', '/oxen/ /lsrpc',
  '/oxen/\u0000/lsrpc', '/oxen/é/lsrpc', '/admin', '/OXEN/v4/lsrpc', 'oxen/v4/lsrpc', '@inside/oxen/v4/lsrpc', '/oxen/v4/lsrpc/',
  '/oxen/v4/lsrpc%3f', '/oxen/v4/lsrpc%0d%0a', `/oxen/${'a'.repeat(2_000)}/lsrpc`,
]; // prettier-ignore

export const PORTS = [0, -1, 70_000, 80.9, 65_536, 4_294_967_376];
export const PROTOCOLS = ['ftp', 'HTTPS', '', 'file', 'gopher', 'http:', 'https://x', 'unix'];

/** What a stranger's name server may answer to the same end; at least one address of each is no outside one. */
export const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  'private.example.org': ['10.0.0.5'],
  'home.example.org': ['192.168.1.1'],
  'local.example.org': ['127.0.0.1'],
  'any.example.org': ['0.0.0.0'],
  'metadata.example.org': ['169.254.169.254'],
  'agent.example.org': ['168.63.129.16'],
  'metadata6.example.org': ['fd00:ec2::254'],
  'local6.example.org': ['::1'],
  'any6.example.org': ['::'],
  'mapped.example.org': ['::ffff:10.0.0.1'],
  'nat64.example.org': ['64:ff9b::a00:1'],
  '6to4.example.org': ['2002:a00:1::1'],
  'teredo.example.org': ['2001:0:7f00:1::'],
  'link.example.org': ['fe80::1'],
  'zone.example.org': ['fe80::1%eth0'],
  'unique.example.org': ['fc00::1'],
  'shared.example.org': ['100.64.0.1'],
  'benchmark.example.org': ['198.18.0.1'],
  'documentation.example.org': ['192.0.2.5'],
  'multicast.example.org': ['224.0.0.1'],
  'broadcast.example.org': ['255.255.255.255'],
  'mixed.example.org': ['8.8.8.8', '10.0.0.5'],
  'mixed6.example.org': ['8.8.8.8', '2606:4700::1111', '::1'],
  'words.example.org': ['localhost'],
  'short.example.org': ['127.1'],
  'xn--bcher-kva.example': ['127.0.0.1'],
  'under_score.example.org': ['172.16.0.1'],
};
