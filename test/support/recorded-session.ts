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
  const file = path.join(gateway.dataDir, `${id}.json`);
  await writeFile(
    file,
    JSON.stringify({
      id,
      user: 'jsouza',
      credential: 'root',
      device: 'web-07',
      originIp: '10.4.1.22',
      protocol: 'SSH',
      startedAt: '2026-11-23T22:10:00Z',
      durationMs: seconds * 1000,
      state: 'recorded',
      route: 'Infrastructure approvers',
      events,
      recording: { type: 'folder', path: folder },
    }),
  );
  await gateway.command('session', 'add', file);
}
