import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Connection } from '../../contract/events.ts';
import { FailureError, fail } from '../../contract/failure.ts';
import type { ExportRecord } from '../../contract/history.ts';
import type { Policy } from '../../contract/request.ts';
import { toInstant } from '../../contract/time.ts';
import type { Archive } from '../archive/archive.ts';
import type { Gateway } from '../gateway/client.ts';
import type { Clock } from '../gateway/clock.ts';
import { isCurrent, isOutOfReach } from '../sessions/service.ts';
import { syncFolder } from '../settings/files.ts';
import { unfinishedName } from './file-sink.ts';
import type { Exported } from './job.ts';

export type Saved = { rows: number; recorded: 'now' | 'later' };

export interface Exports {
  /** Fails with EXPORT_NOT_ALLOWED where the policy, as far as it is known, forbids it; asked before the person is. */
  check(): Promise<void>;
  /**
   * Has `write` fill a new file, puts it on record at the gateway, or in the queue while that is out of reach, and only then gives the file
   * its name. It is there whole or not at all, and what had the name before stays until then. Rejects with CANNOT_SAVE_FILE,
   * EXPORT_NOT_ALLOWED, EXPORT_RUNNING, or with what `write` rejects with.
   */
  save(
    file: string,
    about: Pick<ExportRecord, 'format' | 'subject'>,
    write: (unfinished: string) => Promise<Exported>,
  ): Promise<Saved>;
  /** Tells the gateway of what it does not know yet, and removes what a killed run of the app left half written. */
  sendWaiting(): Promise<void>;
}

/** Lists that people write to files: one at a time, each on record. */
export function createExports(options: {
  gateway: () => Gateway;
  /** How the line to the gateway is. While it is not up nobody waits for it. */
  line: () => Connection['state'];
  archive: Pick<Archive, 'call'>;
  clock: Pick<Clock, 'now'>;
  policy: () => Promise<Policy>;
}): Exports {
  const { gateway, line, archive, clock, policy } = options;
  let running: string | null = null;
  let sending: Promise<void> | null = null;

  /** Puts it on record now, or says that it has to be done later. Rejects when the gateway does not want it. */
  async function send(to: Gateway, record: ExportRecord): Promise<'now' | 'later'> {
    if (line() !== 'online') return 'later';
    try {
      await to.calls.exports.record(record);
      return 'now';
    } catch (error) {
      if (isOutOfReach(error) || isPassing(error)) return 'later';
      throw error;
    }
  }

  return {
    async check() {
      if (running !== null) fail('EXPORT_RUNNING');
      const known = await policy().catch((error) => (isOutOfReach(error) ? null : Promise.reject(error)));
      if (known?.exportsAllowed === false) fail('EXPORT_NOT_ALLOWED');
    },
    async save(file, about, write) {
      if (running !== null) fail('EXPORT_RUNNING');
      const to = gateway();
      const key = randomUUID();
      const unfinished = unfinishedName(file);
      running = key;
      try {
        await archive.call('exports.begin', { key, unfinished });
        const exported = await write(unfinished);
        if (!isCurrent(gateway, to)) fail('SIGNED_OUT');
        const record: ExportRecord = { key, at: toInstant(clock.now()), ...about, ...exported };
        await archive.call('exports.put', record);
        const recorded = await send(to, record);
        await rename(unfinished, file).catch(() => fail('CANNOT_SAVE_FILE'));
        await syncFolder(path.dirname(file)).catch(() => undefined);
        if (recorded === 'now') await archive.call('exports.drop', { key }).catch(() => undefined);
        return { rows: exported.rows, recorded };
      } catch (error) {
        await rm(unfinished, { force: true }).catch(() => undefined);
        await archive.call('exports.drop', { key }).catch(() => undefined);
        throw error;
      } finally {
        running = null;
      }
    },
    sendWaiting() {
      sending ??= sendAll().finally(() => {
        sending = null;
      });
      return sending;
    },
  };

  async function sendAll(): Promise<void> {
    const to = gateway();
    for (const { key, unfinished, record } of (await archive.call('exports.waiting', {})).waiting) {
      if (key === running) continue;
      await rm(unfinished, { force: true }).catch(() => undefined);
      // Refused means that the gateway has it on record as refused; of what it cannot read it has no use.
      const sent = record === null ? 'now' : await send(to, record).catch((error) => (isVerdict(error) ? 'now' : 'later'));
      if (sent === 'now') await archive.call('exports.drop', { key });
    }
  }
}

/** Whether the gateway has judged, rather than not got to it. */
const isVerdict = (error: unknown) =>
  error instanceof FailureError && ['EXPORT_NOT_ALLOWED', 'KEY_REUSED', 'INVALID_INPUT'].includes(error.failure.code);

/** Whether it may go better another time. */
const isPassing = (error: unknown) => error instanceof FailureError && ['RATE_LIMITED', 'INTERNAL'].includes(error.failure.code);
