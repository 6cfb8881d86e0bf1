import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SessionEvent } from '../../contract/session.ts';
import type { RecordingFacts } from '../../contract/viewing.ts';
import type { TestGateway } from './gateway.ts';

/** Puts a recorded session before a gateway: its folder of HLS, its events, and what is known of it besides. */
export async function addRecordedSession(
  gateway: TestGateway,
  session: { id: string; folder: string; seconds: number; events?: SessionEvent[]; facts?: Partial<RecordingFacts> },
): Promise<void> {
  const { id, folder, seconds, events = [], facts } = session;
  if (facts) {
    const known: RecordingFacts = {
      durationMs: seconds * 1000,
      framesPerSecond: null,
      idle: [],
      activity: [],
      storyboard: null,
      ...facts,
    };
    await writeFile(path.join(folder, 'facts.json'), JSON.stringify(known));
  }
  const recording = { type: 'folder', path: folder };
  const file = await sessionFile(gateway, id, { durationMs: seconds * 1000, events, recording });
  await gateway.command('session', 'add', file);
}

/** Imports a recording into a gateway, as the session of that id. */
export async function importSession(gateway: TestGateway, id: string, original: string): Promise<void> {
  const file = await sessionFile(gateway, id, { durationMs: null });
  await gateway.command('import', '--session', file, original);
}

/** A file that tells a gateway of a session, with `more` about it. */
async function sessionFile(gateway: TestGateway, id: string, more: object): Promise<string> {
  const file = path.join(gateway.dataDir, `${id}.json`);
  const who = { user: 'jsouza', credential: 'root', device: 'web-07', originIp: '10.4.1.22', protocol: 'SSH' };
  const when = { startedAt: '2026-11-23T22:10:00Z', state: 'recorded', route: 'Infrastructure approvers' };
  await writeFile(file, JSON.stringify({ id, ...who, ...when, ...more }));
  return file;
}
