import { createHash } from 'node:crypto';
import type { Protocol, SessionEvent } from '../../contract/session.ts';
import { toInstant } from '../../contract/time.ts';
import type { SessionFile } from '../session-file.ts';
import { finance, infrastructure } from './people.ts';

const count = 2000;
const minute = 60_000;

const devices: [string, Protocol, string, string][] = [
  ['web-07', 'SSH', 'root', infrastructure],
  ['db-prod-03', 'SSH', 'root', infrastructure],
  ['dc02.corp', 'RDP', 'Administrator', infrastructure],
  ['fs02.corp', 'RDP', 'Administrator', infrastructure],
  ['core-sw-1', 'SSH', 'netadmin', infrastructure],
  ['core-sw-2', 'Telnet', 'netadmin', infrastructure],
  ['k8s-m1', 'SSH', 'root', infrastructure],
  ['ora-erp', 'Database', 'oracle', 'Databases, two levels'],
  ['pg-bi-02', 'Database', 'postgres', 'Databases, two levels'],
  ['sql-fin-01', 'Database', 'sa', finance],
  ['sql-fin-02', 'RDP', 'sa', finance],
  ['fw-edge-1', 'HTTPS', 'admin', infrastructure],
  ['kiosk-12', 'VNC', 'operator', infrastructure],
];
const users: [string, string][] = [
  ['jsouza', '10.4.1.22'],
  ['akim', '10.4.1.80'],
  ['rlopes', '10.4.2.17'],
  ['mferri', '10.4.3.9'],
  ['tnguyen', '10.4.7.5'],
  ['lsato', '10.4.9.2'],
  ['gcosta', '10.4.1.31'],
];
const whys: [string, string][] = [
  ['Maintenance', 'Monthly patches, window agreed with operations'],
  ['Incident', 'INC-20418: checkout answers with errors'],
  ['Change', 'CHG-7731: new certificate'],
  ['Deployment', 'Release 26.4 to production'],
  ['Access review', 'Checking which accounts are still in use'],
  ['', ''],
];
const commands = [
  'systemctl status nginx',
  'journalctl -u postgresql --since today',
  'df -h',
  'tail -f /var/log/messages',
  'vi /etc/hosts',
  'show running-config',
  'select count(*) from invoices;',
  'kubectl get pods -A',
  'passwd backup',
  'rm -rf /tmp/export',
  'iptables -L -n',
  'crontab -l',
];

/** Sessions without media, the same for the same moment: enough for a list that one has to search. Newest first. */
export function* furtherSessions(nowMs: number): Generator<SessionFile> {
  for (let index = 0; index < count; index += 1) {
    const random = stream(`session ${index}`);
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
    const [device, protocol, credential, route] = pick(devices);
    const [user, originIp] = pick(users);
    const [reason, justification] = pick(whys);
    const durationMs = Math.round(minute * (0.5 + random() ** 3 * 240));
    const age = (index + 1 + random()) * ((90 * 24 * 60 * minute) / count) + 8 * 60 * minute;
    yield {
      id: (0x60000 + index * 41).toString(16),
      user,
      recordedUserName: user,
      credential,
      device,
      originIp,
      protocol,
      proxy: pick(['proxy-1', 'proxy-1', 'proxy-2', '']),
      startedAt: toInstant(nowMs - age),
      durationMs,
      state: index % 41 === 7 ? 'converting' : 'not-recorded',
      reason,
      justification,
      route,
      events: protocol === 'SSH' || protocol === 'Database' ? typed(random, durationMs) : [],
      recording: null,
      livestream: null,
    };
  }
}

function typed(random: () => number, durationMs: number): SessionEvent[] {
  const length = Math.floor(random() * 4);
  return Array.from({ length }, (_, index) => ({
    atMs: Math.floor((durationMs * (index + 1)) / (length + 1)),
    type: 'command' as const,
    text: commands[Math.floor(random() * commands.length)] ?? '',
  }));
}

/** Numbers from 0 to 1 that are the same for the same name. */
function stream(name: string): () => number {
  let bytes = createHash('sha256').update(name).digest();
  let position = 0;
  return () => {
    if (position + 4 > bytes.length) {
      bytes = createHash('sha256').update(bytes).digest();
      position = 0;
    }
    position += 4;
    return bytes.readUInt32BE(position - 4) / 2 ** 32;
  };
}
